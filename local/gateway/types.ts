import type * as http from "node:http";
import type { Readable } from "node:stream";
import type { PlannedResource } from "../../plan/types";
import type { Principal } from "../iam/types";

/** A call to an AWS API whose signature has been verified. */
export interface AwsCall {
    /** Signing name of the service, from the credential scope, e.g. `s3`. */
    readonly service: string;
    readonly region: string;
    readonly principal: Principal;
    readonly method: string;
    /** Path as sent, percent-encoded, without the query. */
    readonly path: string;
    readonly query: URLSearchParams;
    /** Names in lower case. */
    readonly headers: http.IncomingHttpHeaders;
    /**
     * The payload with `aws-chunked` taken off. Ends with an error (an AwsError) when the bytes differ from the signed hash or
     * from a checksum header or trailer; so nothing may be committed before its end.
     */
    readonly body: Readable;
    /** Checksum trailers, complete once {@link body} has ended, e.g. `{ "x-amz-checksum-crc32": "…" }`. */
    readonly trailers: Readonly<Record<string, string>>;
    readonly requestId: string;
    readonly sourceIp: string;
}

/** An AWS API served by the local run. */
export interface AwsApi {
    /** Signing name that routes calls here, e.g. `s3`. */
    readonly signingName: string;
    /** Answers the call. A thrown AwsError is written by {@link writeError}. */
    handle(call: AwsCall, response: http.ServerResponse): Promise<void>;
    /** Writes an error as this service does: XML for S3, JSON for Lambda. */
    writeError(
        error: unknown,
        call: Pick<AwsCall, "requestId" | "method" | "path">,
        response: http.ServerResponse,
    ): void;
}

/** Brings planned resources of some types into being; called in dependency order, at each start and again when the plan changed. */
export interface ResourceProvider {
    /** By type token. Creating what exists already changes it to match and keeps its data. */
    readonly apply: Readonly<Record<string, (resource: PlannedResource) => void | Promise<void>>>;
    /** Called once after all resources are applied; here a service checks references, or starts timers. */
    ready?(): void | Promise<void>;
    /** Ends children and timers; resolves when nothing is left. */
    close?(): Promise<void>;
}
