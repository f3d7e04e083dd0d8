import type { AwsError } from "../../errors";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** An element with a text. */
export function element(name: string, text: string): string {
    return `<${name}>${text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</${name}>`;
}

/** The answer of the query protocol to an action; `result` is XML already. */
export function xmlResult(action: string, result: string, requestId: string): string {
    const metadata = `<ResponseMetadata>${element("RequestId", requestId)}</ResponseMetadata>`;
    return `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>${metadata}</${action}Response>`;
}

/** The error answer of the query protocol. */
export function xmlError({ code, status, message }: AwsError, requestId: string): string {
    const type = element("Type", status < 500 ? "Sender" : "Receiver");
    const error = `<Error>${type}${element("Code", code)}${element("Message", message)}</Error>`;
    return `<ErrorResponse xmlns="${NAMESPACE}">${error}${element("RequestId", requestId)}</ErrorResponse>`;
}
