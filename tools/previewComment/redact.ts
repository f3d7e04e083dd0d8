/**
 * Takes secrets out of a text: the values of environment variables that hold some, also as JSON writes them, and what looks
 * like a credential.
 *
 * Nothing that is put into a comment should have any: GitHub masks secrets in logs, but not in comments.
 *
 * @param env The variables of the process, in which the job has its secrets.
 */
export function redact(text: string, env: Readonly<Record<string, string | undefined>>): string {
    const values = Object.entries(env)
        .filter(([name, value]) => SECRET_NAMES.test(name) && (value?.length ?? 0) >= SHORTEST)
        .flatMap(([, value = ""]) => [value, JSON.stringify(value).slice(1, -1)]);
    const known = values.reduce((left, value) => left.split(value).join(REDACTED), text);
    return SHAPES.reduce((left, shape) => left.replace(shape, REDACTED), known);
}

const REDACTED = "[secret]";

const SECRET_NAMES = /TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIAL|ACCESS_KEY/i;

/** A shorter value would take innocent words with it, and guards nothing. */
const SHORTEST = 8;

/** Access keys of AWS, tokens of GitHub and of Pulumi, JSON Web Tokens, signatures in URLs. */
const SHAPES = [
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
    /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g,
    /\bpul-[0-9a-f]{40}\b/g,
    /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
    /(?<=X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']+/gi,
];
