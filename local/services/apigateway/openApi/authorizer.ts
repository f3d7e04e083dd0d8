import type { LambdaAuthorizer, MethodAuthorization } from "../types";
import type { SecurityScheme } from "./types";

/** `x-amazon-apigateway-authorizer` of a security scheme. */
export interface AuthorizerInput {
    readonly type?: string;
    readonly authorizerUri?: string;
    readonly authorizerCredentials?: string;
    readonly identitySource?: string;
    readonly identityValidationExpression?: string;
    readonly authorizerResultTtlInSeconds?: number;
}

/**
 * Makes a security scheme into what decides on requests: IAM, or a function.
 *
 * @param where Verb and path, for messages.
 * @throws For authorizers that API Gateway refuses or that the local run does not support yet.
 */
export function importAuthorization(name: string, scheme: SecurityScheme, where: string): MethodAuthorization {
    const input = scheme["x-amazon-apigateway-authorizer"] as AuthorizerInput | undefined;
    const authType = scheme["x-amazon-apigateway-authtype"] ?? "custom";
    if (!input && authType.toLowerCase() === "awssigv4") {
        return { type: "AWS_IAM" };
    }
    const kind = input?.type?.toUpperCase();
    if (!input || (kind !== "REQUEST" && kind !== "TOKEN")) {
        const what = `${authType}${input?.type ? `, ${input.type}` : ""}`;
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
    const common = { name, functionArn, credentials: input.authorizerCredentials, rememberMs: seconds * 1000 };
    const identity =
        kind === "TOKEN" ? tokenIdentity(name, scheme, input, where) : requestIdentity(name, input, seconds, where);
    return { type: "CUSTOM", kind, ...common, ...identity };
}

type Identity = Pick<LambdaAuthorizer, "identitySources" | "tokenPattern">;

/** The token is in the header that the scheme names, unless the authorizer names another. */
function tokenIdentity(name: string, scheme: SecurityScheme, input: AuthorizerInput, where: string): Identity {
    const source = identitySource(input.identitySource || `method.request.header.${scheme.name ?? ""}`, where);
    if (source.place !== "header") {
        throw new Error(`${where}: the authorizer ${name} takes its token from a header, not from ${source.place}.`);
    }
    const expression = input.identityValidationExpression;
    if (!expression) {
        return { identitySources: [source] };
    }
    try {
        return { identitySources: [source], tokenPattern: new RegExp(`^(?:${expression})$`) };
    } catch (error) {
        throw new Error(`${where}: the identityValidationExpression of ${name} is no regular expression.`, {
            cause: error,
        });
    }
}

function requestIdentity(name: string, input: AuthorizerInput, seconds: number, where: string): Identity {
    const identitySources = (input.identitySource ?? "")
        .split(",")
        .filter(Boolean)
        .map((source) => identitySource(source.trim(), where));
    if (seconds > 0 && identitySources.length === 0) {
        throw new Error(`${where}: the authorizer ${name} remembers answers, and so needs an identitySource.`);
    }
    return { identitySources };
}

function identitySource(source: string, where: string): LambdaAuthorizer["identitySources"][number] {
    const [, place, name] = /^method\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
    if (!place) {
        throw new Error(
            `${where}: the identity source ${source} is not supported by the local run: it takes headers and query parameters.`,
        );
    }
    return { place, name };
}
