import * as crypto from "node:crypto";

// A signer of its own, written from AWS's description and not from local/sigv4: the one checks the other.

export interface Keys {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
}

export interface SignOptions {
    readonly keys: Keys;
    /** Signing name, e.g. `s3`. */
    readonly service: string;
    /** @default "us-east-1" */
    readonly region?: string;
    /** @default now */
    readonly date?: Date;
}

export interface RequestToSign {
    /** @default "GET" */
    readonly method?: string;
    /** With the path percent-encoded as it will be sent. */
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
}

/** The headers of a request, signed, `host` left out. Give `x-amz-content-sha256` among the headers for another payload hash. */
export function signHeaders(request: RequestToSign, options: SignOptions): Record<string, string> {
    const dated = { date: new Date(), ...options };
    const { keys, date } = dated;
    const url = new URL(request.url);
    const headers: Record<string, string> = {
        "x-amz-content-sha256": sha256(request.body ?? ""),
        ...request.headers,
        "x-amz-date": basic(date),
        ...(keys.sessionToken === undefined ? {} : { "x-amz-security-token": keys.sessionToken }),
    };
    const { signedHeaders, signature } = signatureOf(
        request,
        url,
        { ...headers, host: url.host },
        headers["x-amz-content-sha256"],
        dated,
    );
    const credential = `${keys.accessKeyId}/${scopeOf(dated)}`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    return { ...headers, authorization };
}

/** Sends a request with a signature in its headers. */
export function signedFetch(request: RequestToSign, options: SignOptions): Promise<Response> {
    const headers = signHeaders(request, options);
    return fetch(request.url, {
        method: request.method ?? "GET",
        headers,
        ...(request.body === undefined ? {} : { body: request.body }),
    });
}

/**
 * A URL that carries its signature. Headers that are given must be sent with it.
 *
 * @param expires In seconds.
 */
export function presign(request: RequestToSign, options: SignOptions & { readonly expires: number }): string {
    // One time for all that is signed: a second may end in between.
    const dated = { date: new Date(), ...options };
    const { keys, date, expires } = dated;
    const url = new URL(request.url);
    const headers = { ...request.headers, host: url.host };
    const parameters = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": `${keys.accessKeyId}/${scopeOf(dated)}`,
        "X-Amz-Date": basic(date),
        "X-Amz-Expires": String(expires),
        ...(keys.sessionToken === undefined ? {} : { "X-Amz-Security-Token": keys.sessionToken }),
        "X-Amz-SignedHeaders": Object.keys(headers).sort().join(";"),
    };
    for (const [name, value] of Object.entries(parameters)) {
        url.search += `${url.search === "" ? "" : "&"}${encode(name)}=${encode(value)}`;
    }
    const payloadHash = options.service === "s3" ? "UNSIGNED-PAYLOAD" : sha256("");
    const { signature } = signatureOf(request, url, headers, payloadHash, dated);
    return `${url.href}&X-Amz-Signature=${signature}`;
}

/** A payload in signed chunks, framed as `aws-chunked`, that follows on a request's `authorization`. */
export function signChunks(
    chunks: readonly Buffer[],
    authorization: string,
    options: SignOptions & { readonly date: Date; readonly trailers?: Readonly<Record<string, string>> },
): Buffer {
    const context = `${basic(options.date)}\n${scopeOf(options)}`;
    const key = signingKey(options);
    let previous = authorization.slice(-64);
    const framed = [...chunks, Buffer.alloc(0)].map((chunk) => {
        const text = `AWS4-HMAC-SHA256-PAYLOAD\n${context}\n${previous}\n${sha256("")}\n${sha256(chunk)}`;
        previous = hmac(key, text).toString("hex");
        const head = Buffer.from(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`);
        return Buffer.concat([head, chunk, Buffer.from(chunk.length > 0 ? "\r\n" : "")]);
    });
    if (!options.trailers) {
        return Buffer.concat([...framed, Buffer.from("\r\n")]);
    }
    const trailers = Object.entries(options.trailers).map(([name, value]) => `${name}:${value}`);
    const hash = sha256(trailers.map((trailer) => `${trailer}\n`).join(""));
    const signature = hmac(key, `AWS4-HMAC-SHA256-TRAILER\n${context}\n${previous}\n${hash}`).toString("hex");
    return Buffer.concat([
        ...framed,
        Buffer.from(`${trailers.join("\r\n")}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`),
    ]);
}

function signatureOf(
    { method = "GET" }: RequestToSign,
    url: URL,
    headers: Readonly<Record<string, string>>,
    payloadHash: string,
    options: SignOptions,
): { signedHeaders: string; signature: string } {
    const sorted = Object.entries(headers)
        .map(([name, value]): [string, string] => [name.toLowerCase(), value.trim().replace(/ +/g, " ")])
        .sort(([one], [other]) => (one < other ? -1 : 1));
    const signedHeaders = sorted.map(([name]) => name).join(";");
    const canonical = [
        method,
        options.service === "s3" ? url.pathname : url.pathname.split("/").map(encode).join("/"),
        url.search.slice(1).split("&").sort().join("&"),
        ...sorted.map(([name, value]) => `${name}:${value}`),
        "",
        signedHeaders,
        payloadHash,
    ].join("\n");
    const text = `AWS4-HMAC-SHA256\n${basic(options.date ?? new Date())}\n${scopeOf(options)}\n${sha256(canonical)}`;
    return { signedHeaders, signature: hmac(signingKey(options), text).toString("hex") };
}

function scopeOf({ service, region = "us-east-1", date = new Date() }: SignOptions): string {
    return `${basic(date).slice(0, 8)}/${region}/${service}/aws4_request`;
}

function signingKey(options: SignOptions): Buffer {
    return scopeOf(options)
        .split("/")
        .reduce<Buffer>(hmac, Buffer.from(`AWS4${options.keys.secretAccessKey}`));
}

function hmac(key: Buffer, text: string): Buffer {
    return crypto.createHmac("sha256", key).update(text).digest();
}

function sha256(data: string | Buffer): string {
    return crypto.createHash("sha256").update(data).digest("hex");
}

function basic(date: Date): string {
    return date.toISOString().replace(/[-:]|\.\d+/g, "");
}

function encode(text: string): string {
    return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
