import * as v from "valibot";
import type { Reply } from "./send";

/**
 * The answer of a status, parsed as JSON, if it has the agreed shape.
 *
 * @throws When it has another status, is no JSON or has another shape, with a sentence that says so.
 */
export function answer<T>(reply: Reply, status: number, schema: v.GenericSchema<unknown, T>): T {
    expectStatus(reply, status);
    const json = parse(reply);
    if (json === undefined) {
        throw new Error(`${reply.of} answered ${status} with a body that is no JSON, where JSON is agreed.`);
    }
    const result = v.safeParse(schema, json);
    if (!result.success) {
        const issues = result.issues.map((issue) => `${v.getDotPath(issue) ?? "the body"}: ${issue.message}`);
        throw new Error(`${reply.of} answered ${status} with JSON of another shape than agreed: ${issues.join("; ")}.`);
    }
    return result.output;
}

/** @throws When the answer has another status. */
export function expectStatus(reply: Reply, status: number): void {
    if (reply.status !== status) {
        throw new Error(`${reply.of} answered ${described(reply)}, and ${status} is agreed.`);
    }
}

/** @throws When API Gateway did not refuse a request with a status and error type of its own, such as `ForbiddenException`. */
export function expectGatewayRefusal(reply: Reply, status: number, types: readonly string[]): void {
    expectStatus(reply, status);
    const type = reply.headers.get("x-amzn-errortype")?.split(":")[0] ?? "none";
    if (!types.includes(type)) {
        throw new Error(
            `${reply.of} answered ${described(reply)} with the error type ${type}: it was to be refused as ${types.join(" or ")}.`,
        );
    }
}

/** @throws When S3 or another service that answers in XML did not refuse with a status and a code of its own. */
export function expectXmlRefusal(reply: Reply, status: number, code: string): void {
    if (reply.status !== status || xmlCode(reply) !== code) {
        throw new Error(`${reply.of} answered ${described(reply)}, and ${status} ${code} is agreed.`);
    }
}

/** Status, and the code or message of an error. Never the whole body: it may hold a secret. It is not cut, since of a part nobody would know that it is one. */
export function described(reply: Reply): string {
    const { code, message } = (parse(reply) ?? {}) as { code?: unknown; message?: unknown };
    const words = [xmlCode(reply), code, message].filter((one) => typeof one === "string" && one !== "");
    return [reply.status, ...words].join(" ");
}

function parse({ text }: Reply): unknown {
    try {
        return JSON.parse(text);
    } catch {
        // What is no JSON has no value.
        return undefined;
    }
}

/** `Code` of an error: the child of S3's `Error`, or of the `Error` in an `ErrorResponse`. */
function xmlCode({ text }: Reply): string | undefined {
    return /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<ErrorResponse[^>]*>\s*)?<Error>(?:\s*<Type>\w+<\/Type>)?\s*<Code>(\w+)<\/Code>/.exec(
        text,
    )?.[1];
}
