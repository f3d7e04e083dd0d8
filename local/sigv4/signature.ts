import { awsError } from "../errors";
import { refusalsOf } from "./refusals";

/** The parts of a request that are signed. `node:http`'s IncomingMessage is one, and so is what other protocols make up. */
export interface SignedRequest {
    readonly method: string;
    /** Path and query as sent. */
    readonly url: string;
    /** All headers, lower-cased names, the values of one name joined by `,`: see {@link readHeaders}. */
    readonly headers: ReadonlyMap<string, string>;
}

/** What a request claims about its signature, read but not verified. */
export interface Signature {
    readonly accessKeyId: string;
    readonly service: string;
    readonly region: string;
    /** `<date>/<region>/<service>/aws4_request` */
    readonly scope: string;
    /** `20260131T120000Z` */
    readonly date: string;
    /** The same in milliseconds since 1970. */
    readonly time: number;
    readonly signedHeaders: readonly string[];
    /** 64 hexadecimal digits. */
    readonly signature: string;
    readonly sessionToken?: string | undefined;
    /** Validity of a presigned URL, in seconds; absent for a signature in headers. */
    readonly expires?: number;
}

/** Collects `rawHeaders`. */
export function readHeaders(rawHeaders: readonly string[]): Map<string, string> {
    const headers = new Map<string, string>();
    for (let index = 0; index < rawHeaders.length; index += 2) {
        const name = rawHeaders[index].toLowerCase();
        const before = headers.get(name);
        headers.set(name, before === undefined ? rawHeaders[index + 1] : `${before},${rawHeaders[index + 1]}`);
    }
    return headers;
}

/** Signing name that a request claims, for wording an error; `s3` when it claims none. */
export function claimedService({ url, headers }: SignedRequest): string {
    const credential =
        /Credential=([^,\s]*)/.exec(headers.get("authorization") ?? "")?.[1] ?? queryOf(url).get("X-Amz-Credential");
    return credential?.split("/").at(-2) ?? "s3";
}

/** Reads the signature from the headers or the query; `undefined` when there is none. Throws the service's error when it cannot be read. */
export function readSignature(request: SignedRequest): Signature | undefined {
    const authorization = request.headers.get("authorization");
    const query = request.url.includes("X-Amz-") ? queryOf(request.url) : undefined;
    const presigned = query !== undefined && (query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature"));
    if (authorization === undefined) {
        return presigned ? fromQuery(query, claimedService(request)) : undefined;
    }
    if (presigned) {
        throw awsError(
            "InvalidArgument",
            400,
            "Only one auth mechanism allowed: the X-Amz-Algorithm query parameter or the Authorization header.",
        );
    }
    return fromHeaders(authorization, request);
}

function queryOf(url: string): URLSearchParams {
    const start = url.indexOf("?");
    return new URLSearchParams(start < 0 ? "" : url.slice(start + 1));
}

const ALGORITHM = "AWS4-HMAC-SHA256";

function fromHeaders(authorization: string, request: SignedRequest): Signature {
    const service = claimedService(request);
    const refusals = refusalsOf(service);
    if (!authorization.startsWith(`${ALGORITHM} `)) {
        throw awsError(
            "InvalidRequest",
            400,
            `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
        );
    }
    const fields = new Map(
        authorization
            .slice(ALGORITHM.length)
            .split(",")
            .map((field) => field.trim())
            .map((field): [string, string] => [
                field.slice(0, field.indexOf("=")),
                field.slice(field.indexOf("=") + 1),
            ]),
    );
    const date = request.headers.get("x-amz-date") ?? basicDate(request.headers.get("date"));
    if (date === undefined || parseDate(date) === undefined) {
        throw service === "s3"
            ? awsError("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header")
            : refusals.malformed(
                  "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
              );
    }
    return assemble(
        {
            credential: fields.get("Credential"),
            signedHeaders: fields.get("SignedHeaders"),
            signature: fields.get("Signature"),
            date,
        },
        request.headers.get("x-amz-security-token"),
        refusals.malformed,
    );
}

function fromQuery(query: URLSearchParams, service: string): Signature {
    const malformed = (detail: string) =>
        service === "s3"
            ? awsError("AuthorizationQueryParametersError", 400, detail)
            : refusalsOf(service).malformed(detail);
    const get = (name: string) => query.get(name) ?? undefined;
    if (query.get("X-Amz-Algorithm") !== ALGORITHM) {
        throw malformed(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
    }
    const expires = Number(/^-?\d+$/.exec(query.get("X-Amz-Expires") ?? "")?.[0]);
    if (Number.isNaN(expires)) {
        throw malformed("X-Amz-Expires should be a number");
    }
    if (expires < 1) {
        throw malformed("X-Amz-Expires must be greater than 0");
    }
    if (expires > LONGEST_EXPIRY) {
        throw malformed(`X-Amz-Expires must be less than a week (in seconds) that is ${LONGEST_EXPIRY}`);
    }
    const signature = assemble(
        {
            credential: get("X-Amz-Credential"),
            signedHeaders: get("X-Amz-SignedHeaders"),
            signature: get("X-Amz-Signature"),
            date: get("X-Amz-Date"),
        },
        get("X-Amz-Security-Token"),
        malformed,
    );
    return { ...signature, expires };
}

/** In seconds: a week. */
const LONGEST_EXPIRY = 604_800;

interface Claims {
    readonly credential: string | undefined;
    readonly signedHeaders: string | undefined;
    readonly signature: string | undefined;
    readonly date: string | undefined;
}

function assemble(claims: Claims, sessionToken: string | undefined, malformed: (detail: string) => Error): Signature {
    const { credential, signedHeaders, signature = "", date = "" } = claims;
    const time = parseDate(date);
    if (time === undefined) {
        throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
    }
    const parts = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(credential ?? "");
    if (!parts) {
        throw malformed('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".');
    }
    const [, accessKeyId, day, region, service] = parts;
    if (!date.startsWith(day)) {
        throw malformed(
            `Invalid credential date "${day}". This date is not the same as X-Amz-Date: "${date.slice(0, 8)}".`,
        );
    }
    if (!signedHeaders || !/^[0-9a-f]{64}$/.test(signature)) {
        throw malformed(`${signedHeaders ? "Signature" : "SignedHeaders"} is missing or mal-formed.`);
    }
    return {
        accessKeyId,
        service,
        region,
        scope: `${day}/${region}/${service}/aws4_request`,
        date,
        time,
        signedHeaders: signedHeaders.toLowerCase().split(";"),
        signature,
        sessionToken,
    };
}

/** A `Date` header, brought into the form of `x-amz-date`. */
function basicDate(date: string | undefined): string | undefined {
    const time = date === undefined ? NaN : (parseDate(date) ?? Date.parse(date));
    return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
}

function parseDate(date: string): number | undefined {
    const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
    const time = parts ? Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`) : NaN;
    return Number.isNaN(time) ? undefined : time;
}
