/** The secrets that a run has to do with: texts are printed without them. */
export interface SecretMask {
    /** Remembers secrets. `undefined` and texts of less than 8 characters, which could be part of any word, are passed over. */
    add(...secrets: readonly (string | undefined)[]): void;
    /** The text with `***` in the place of each secret, plain, as part of a URL or of JSON. */
    mask(text: string): string;
}

export function secretMask(): SecretMask {
    const known = new Set<string>();
    return {
        add(...secrets) {
            for (const secret of secrets) {
                if (secret !== undefined && secret.length >= 8) {
                    [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)].forEach((form) =>
                        known.add(form),
                    );
                }
            }
        },
        mask: (text) =>
            // The longest first: one secret may begin with another.
            [...known]
                .sort((one, other) => other.length - one.length)
                .reduce((masked, secret) => masked.replaceAll(secret, "***"), text),
    };
}

/** The fields of a presigned form that let whoever has them send it. */
export function formSecrets(fields: Readonly<Record<string, string>>): string[] {
    return Object.entries(fields).flatMap(([name, value]) =>
        /^(policy|x-amz-signature|x-amz-security-token|x-amz-credential)$/i.test(name) ? [value] : [],
    );
}
