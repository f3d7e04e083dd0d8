import * as v from "valibot";
import { text } from "../shared/schemas";
import { MOST_NAME_BYTES } from "./objectKeys";

/** What a stack allows to be uploaded. */
export interface UploadLimits {
    /** Extensions in lower case with their dot, e.g. `[".pdf"]`; empty for all. */
    readonly extensions: readonly string[];
    /** Most bytes of a file, at most 5 GiB: S3 takes no more in one form, nor in one copy. */
    readonly maxBytes: number;
}

/** What a client says of a file before it is uploaded. */
export interface Announced {
    readonly file_name: string;
    readonly extension: string;
    /** In bytes. */
    readonly len: number;
    readonly type: string;
    /** In base64. */
    readonly sha256?: string;
}

/** 5 GiB. */
export const MOST_BYTES = 5 * 1024 ** 3;

/** Schema of the body of `POST /upload`. */
export function uploadSchema({ extensions, maxBytes }: UploadLimits) {
    return v.pipe(
        v.object({
            file_name: fileName(),
            extension: extension(extensions),
            len: length(maxBytes),
            type: mediaType(),
            sha256: v.optional(sha256()),
        }),
        v.forward(
            v.partialCheck(
                [["file_name"], ["extension"]],
                (file) => file.file_name.endsWith(file.extension),
                "must end in the extension",
            ),
            ["file_name"],
        ),
    );
}

function fileName() {
    const bytes = `must have at most ${MOST_NAME_BYTES} bytes in UTF-8`;
    return v.pipe(
        text(1, 255),
        v.check(
            (name) => !/[/\\\p{Cc}\p{Zl}\p{Zp}]/u.test(name),
            "must have no path separators and no control characters",
        ),
        v.check((name) => name.isWellFormed(), "must be well-formed Unicode"),
        // S3 would put the name of the form's file in its place, and then refuse the form.
        v.check((name) => !name.includes("${filename}"), "must not contain ${filename}"),
        v.check((name) => new TextEncoder().encode(name).length <= MOST_NAME_BYTES, bytes),
    );
}

function extension(allowed: readonly string[]) {
    const shape = "must be a dot and 1 to 16 of a-z and 0-9";
    return allowed.length === 0
        ? v.pipe(v.string(shape), v.regex(/^\.[a-z0-9]{1,16}$/, shape))
        : v.picklist(allowed, `must be one of ${allowed.join(", ")}`);
}

function length(most: number) {
    const message = `must be a whole number from 1 to ${most}`;
    return v.pipe(v.number(message), v.integer(message), v.minValue(1, message), v.maxValue(most, message));
}

/** A type and a subtype of RFC 6838, and perhaps parameters. */
function mediaType() {
    const message = "must be a media type, such as image/png";
    return v.pipe(
        v.string(message),
        v.maxLength(255, message),
        v.regex(
            /^[A-Za-z0-9][\w!#$&^.+-]{0,126}\/[A-Za-z0-9][\w!#$&^.+-]{0,126}( ?; ?[\w-]+=("[^"\\\r\n]*"|[\w.+-]+))*$/,
            message,
        ),
    );
}

function sha256() {
    const message = "must be a SHA-256 in base64, 44 characters";
    // The last character before the = holds four bits, so only every fourth letter can stand there.
    return v.pipe(v.string(message), v.regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, message));
}
