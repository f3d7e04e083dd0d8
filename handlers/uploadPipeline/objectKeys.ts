/** What a file's keys are made of. */
export interface KeyParts {
    readonly fileId: string;
    readonly fileName: string;
    readonly clientId: string;
}

/** Key under which a file arrives. */
export function temporaryKey({ fileId, fileName }: Pick<KeyParts, "fileId" | "fileName">): string {
    return `${TEMPORARY}${fileId}/${fileName}`;
}

/** Key under which a file stays. */
export function destinationKey({ fileId, fileName, clientId }: KeyParts): string {
    return `${DESTINATION}${clientId}/${fileId}/${fileName}`;
}

/** Prefix of the keys of what arrived and was not yet moved. */
export const TEMPORARY = "temp/";

/** Prefix of the keys of finished files. */
export const DESTINATION = "dest/";

/** Most bytes of a file's name in UTF-8: S3's keys have 1024, of which the client's id takes up to 64. */
export const MOST_NAME_BYTES = 900;
