/**
 * Whether a name says that its value is a credential: `DB_PASSWORD`, `stripeApiKey`, `AWS_ACCESS_KEY_ID`. Names of what
 * belongs to a credential say something else: `SECRET_ARN`, `TOKEN_TTL_SECONDS`, `PASSWORD_MIN_LENGTH`.
 */
export function looksLikeSecretName(name: string): boolean {
    const words = wordsOf(name);
    const joined = words.join("-");
    if (/(^|-)access-key-id$/.test(joined)) {
        return true;
    }
    const isAbout = ABOUT.test(words.at(-1) ?? "") || COUNTED.test(words[0] ?? "");
    return !isAbout && (words.some((word) => SECRET_WORD.test(word)) || SECRET_PHRASE.test(joined));
}

/**
 * Whether a text is a credential by its shape, or holds one: a private key, a token of a well-known issuer, a URL or
 * connection string with a password, JSON with a secret by name.
 */
export function looksLikeSecretValue(value: string): boolean {
    return (
        SHAPES.some((shape) => shape.test(value)) ||
        isSecretAccessKey(value) ||
        [...value.matchAll(/"([^"\\]+)"\s*:\s*"([^"\\]+)"/g)].some(([, name, text]) => isNamedSecret(name, text))
    );
}

/** Whether a setting holds a credential, by its value's shape, or by its name where the value is not just a reference. */
export function holdsSecret(name: string, value: string): boolean {
    return looksLikeSecretValue(value) || isNamedSecret(name, value);
}

function isNamedSecret(name: string, value: string): boolean {
    return looksLikeSecretName(name) && !REFERENCES.some((reference) => reference.test(value));
}

function wordsOf(name: string): string[] {
    return name
        .replace(/([a-z\d])([A-Z])/g, "$1 $2")
        .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
        .toLowerCase()
        .split(/[^a-z\d]+/)
        .filter((word) => word !== "");
}

/** Words that mean a credential wherever they stand. */
const SECRET_WORD =
    /^(\w*passw(or)?d|\w*passphrase|\w*passwords|pwd|\w*secrets?|\w*tokens?|\w*credentials?|creds|\w*(api|access|private|secret|signing|encryption)key)$/;

/** Words that mean one together, or at the end alone. */
const SECRET_PHRASE =
    /(^|-)((api|access|private|secret|signing|encryption|master|auth|hmac|jwt|session|shared|account|webhook)-keys?|engine-auth-data|pass|connection-string)$/;

/** Last words of names that tell something about a credential. */
const ABOUT =
    /^(arns?|ids?|names?|aliase?s?|urls?|uris?|endpoints?|host|paths?|files?|prefix|suffix|headers?|parameters?|params?|refs?|ttl|ms|millis|seconds?|secs?|minutes?|hours?|days?|age|lifetime|validity|expiry|expiration|expires|rotation|lengths?|size|counts?|limits?|max|min|minimum|maximum|enabled|disabled|required|policy|type|kind|format|algorithm|alg|issuer|audience|scopes?|claims?|use|version|stage|tables?|buckets?|queues?|topics?|region|provider|store|manager|validator|usage)$/;

/** First words of counts, such as `MAX_TOKENS`. */
const COUNTED = /^(max|min|num|count)$/;

/** Values that only lead to a credential: ARNs, names of parameters and secrets, key aliases, URLs, placeholders. */
const REFERENCES = [
    /^$/,
    /^arn:[\w-]+:/,
    /^alias\/[\w/-]+$/,
    /^\/[\w.-]+\/[\w./-]+$/,
    /^[a-z][a-z-]*(\/[a-z][a-z-]*)+$/,
    /^https?:\/\/[^\s@?]+$/i,
    /^(\{\{resolve:[^}]+\}\}|\$\{[^}]+\}|<[^>]+>)$/,
    /^(true|false|null|none)$/i,
];

/** https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns, and forms of AWS. */
const SHAPES = [
    /(?<![A-Z\d])(AKIA|ASIA)[A-Z\d]{16}(?![A-Z\d])/,
    /-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----/,
    /(?<!\w)(gh[pousr]_[A-Za-z\d]{36}|github_pat_\w{22})/,
    /(?<!\w)glpat-[\w-]{20}/,
    /(?<!\w)(xox[abeoprs]-[\w-]{10}|xapp-\d-\w+-)/,
    /hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/,
    /(?<!\w)([rs]k_(live|test)_[A-Za-z\d]{16}|whsec_[A-Za-z\d+/]{24})/,
    /(?<!\w)sk-(ant-|proj-)?[A-Za-z\d_-]{32}/,
    /(?<!\w)AIza[\w-]{35}/,
    /(?<!\w)(npm_[A-Za-z\d]{36}|pypi-AgEI[\w-]{16}|pul-[\da-f]{40}|dop_v1_[\da-f]{64}|hvs\.[\w-]{24})/,
    /(?<!\w)SG\.[\w-]{16,}\.[\w-]{32,}/,
    /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/,
    /^(Basic|Bearer) (?=\S*\d)[\w+/=.~-]{16,}$/i,
    /[a-z][a-z\d+.-]*:\/\/[^\s/:@]*:(?![{<*]|\$\{|%s)[^\s/@]+@/i,
    /(^|[;?&\s])(password|pwd|accountkey|sharedaccesskey)\s*=\s*(?![{<*]|\$\{|%s)[^;&\s]{4,}/i,
];

/** AWS's secret access keys have no mark but their length and disorder: 40 characters of base 64, no hash in hex. */
function isSecretAccessKey(value: string): boolean {
    if (!/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z\d+/]{40}$/.test(value)) {
        return false;
    }
    const counts = new Map<string, number>();
    for (const character of value) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const entropy = [...counts.values()].reduce((sum, count) => sum - (count / 40) * Math.log2(count / 40), 0);
    return entropy > 4.2;
}

/** Whether a secret's text, or a credential in its JSON, is one that people write for lack of a better one: `changeme`. */
export function looksLikePlaceholder(value: string): boolean {
    const named = [...value.matchAll(/"([^"\\]+)"\s*:\s*"([^"\\]*)"/g)].filter(([, name]) => looksLikeSecretName(name));
    return [value, ...named.map(([, , text]) => text)].some((text) => PLACEHOLDER.test(text.trim()));
}

const PLACEHOLDER =
    /^(change[\s_-]?(me|it|this)|replace[\s_-]?(me|this)|(my[\s_-]?|your[\s_-]?)?(super[\s_-]?)?(secret|password|passw0rd|token|api[\s_-]?key)\d*[!.]*|to[\s_-]?do|tbd|fix[\s_-]?me|placeholder|dummy|example|sample|test\d*|admin\d*|root|default|hunter2+|qwerty\d*|letmein|1234\d*|(?<same>.)\k<same>*|<[^>]*>)$/i;
