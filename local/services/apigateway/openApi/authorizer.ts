import type { RequestAuthorizer } from "../types";
import type { SecurityScheme } from "./types";

/** `x-amazon-apigateway-authorizer` of a security scheme. */
export interface AuthorizerInput {
    readonly type?: string;
    readonly authorizerUri?: string;
    readonly authorizerCredentials?: string;
    readonly identitySource?: string;
    readonly authorizerResultTtlInSeconds?: number;
}

/**
 * Makes a security scheme into the function that decides on requests.
 *
 * @param where Verb and path, for messages.
 * @throws For authorizers that API Gateway refuses or that the local run does not support yet.
 */
export function importAuthorizer(name: string, scheme: SecurityScheme, where: string): RequestAuthorizer {
    const input = scheme["x-amazon-apigateway-authorizer"] as AuthorizerInput | undefined;
    const kind = scheme["x-amazon-apigateway-authtype"] ?? "custom";
    if (input?.type?.toLowerCase() !== "request") {
        const what = `${kind}${input?.type ? `, ${input.type}` : ""}`;
        throw new Error(
            `${where} asks for the authorizer ${name} (${what}), which is not supported by the local run yet.`,
        );
    }
    const functionArn = /\/functions\/(arn:[^/]+)\/invocations$/.exec(input.authorizerUri ?? "")?.[1];
    if (!functionArn) {
        throw new Error(
            `${where}: the authorizer ${name} has the URI "${input.authorizerUri ?? ""}", which names no function.`,
        );
    }
    const seconds = input.authorizerResultTtlInSeconds ?? 300;
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > 3600) {
        throw new Error(`${where}: the authorizer ${name} remembers for ${seconds} s; API Gateway takes 0 to 3600.`);
    }
    const identitySources = (input.identitySource ?? "")
        .split(",")
        .filter(Boolean)
        .map((source) => identitySource(source.trim(), where));
    if (seconds > 0 && identitySources.length === 0) {
        throw new Error(`${where}: the authorizer ${name} remembers answers, and so needs an identitySource.`);
    }
    return { name, functionArn, credentials: input.authorizerCredentials, identitySources, rememberMs: seconds * 1000 };
}

function identitySource(source: string, where: string): RequestAuthorizer["identitySources"][number] {
    const [, place, name] = /^method\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
    if (!place) {
        throw new Error(
            `${where}: the identity source ${source} is not supported by the local run: it takes headers and query parameters.`,
        );
    }
    return { place, name };
}
