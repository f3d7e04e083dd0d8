import * as crypto from "node:crypto";
import type { Method } from "../types";
import { compileSchema, type Schema } from "../validation/jsonSchema";
import { createRequestValidator, type RequiredParameter } from "../validation/requestValidator";
import { importAuthorization } from "./authorizer";
import { importIntegration } from "./integration";
import { refuseModel } from "./models";
import type { OpenApiBody, Operation, PathItem } from "./types";

export interface OperationArgs {
    readonly apiId: string;
    readonly body: OpenApiBody;
    readonly path: string;
    readonly httpMethod: string;
    readonly item: PathItem;
    readonly operation: Operation;
}

/**
 * Makes one operation of the body into a method.
 *
 * @throws A sentence that names verb and path.
 */
export function importOperation(args: OperationArgs): Method {
    const { apiId, path, httpMethod, operation } = args;
    const where = `${httpMethod} ${path}`;
    const validate = importValidator(args, where);
    return {
        httpMethod,
        resourcePath: path,
        resourceId: crypto.createHash("sha256").update(`${apiId}${path}`).digest("hex").slice(0, 6),
        ...(operation.operationId ? { operationName: operation.operationId } : {}),
        ...importSecurity(args, where),
        ...(validate ? { validate } : {}),
        integration: importIntegration(operation, where),
    };
}

function importSecurity(
    { body, operation }: OperationArgs,
    where: string,
): Pick<Method, "apiKeyRequired" | "authorization"> {
    const names = (operation.security ?? []).flatMap((requirement) => Object.keys(requirement));
    let apiKeyRequired = false;
    let authorization: Method["authorization"] =
        operation["x-amazon-apigateway-auth"]?.type?.toUpperCase() === "AWS_IAM" ? { type: "AWS_IAM" } : NONE;
    for (const name of names) {
        const scheme = body.components?.securitySchemes?.[name];
        if (!scheme) {
            throw new Error(`${where} asks for the security scheme ${name}, which the body does not define.`);
        }
        if ("x-amazon-apigateway-authtype" in scheme || "x-amazon-apigateway-authorizer" in scheme) {
            const imported = importAuthorization(name, scheme, where);
            if (authorization !== NONE && !(authorization.type === "AWS_IAM" && imported.type === "AWS_IAM")) {
                throw new Error(`${where} asks for two authorizers; API Gateway takes one.`);
            }
            authorization = imported;
            continue;
        }
        if (scheme.type !== "apiKey" || scheme.in !== "header" || scheme.name?.toLowerCase() !== "x-api-key") {
            throw new Error(
                `${where} asks for the security scheme ${name}, which API Gateway does not enforce: it is neither x-api-key nor an authorizer.`,
            );
        }
        apiKeyRequired = true;
    }
    return { apiKeyRequired, authorization };
}

const NONE: Method["authorization"] = { type: "NONE" };

function importValidator({ body, item, operation }: OperationArgs, where: string): Method["validate"] {
    const name = operation["x-amazon-apigateway-request-validator"] ?? body["x-amazon-apigateway-request-validator"];
    if (name === undefined) {
        return undefined;
    }
    const validator = body["x-amazon-apigateway-request-validators"]?.[name];
    if (!validator) {
        throw new Error(`${where} names the request validator ${name}, which the body does not define.`);
    }
    const all = new Map(
        [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((parameter) => [
            `${parameter.in} ${parameter.name}`,
            parameter,
        ]),
    );
    const required = [...all.values()].filter(
        (parameter) => parameter.required && parameter.in !== "cookie",
    ) as RequiredParameter[];
    return createRequestValidator({
        parameters: validator.validateRequestParameters ? required : [],
        models: validator.validateRequestBody ? models(body, operation, where) : new Map(),
    });
}

function models(body: OpenApiBody, operation: Operation, where: string): Map<string, (value: unknown) => boolean> {
    const schemas = body.components?.schemas ?? {};
    const resolve = (ref: string): Schema => {
        const schema = schemas[ref.replace("#/components/schemas/", "")];
        if (!schema) {
            throw new Error(`it refers to ${ref}, which the body does not define.`);
        }
        return schema;
    };
    const checks = new Map<string, (value: unknown) => boolean>();
    for (const [contentType, { schema }] of Object.entries(operation.requestBody?.content ?? {})) {
        if (schema) {
            refuseModel(schema, `The body of ${where}`, false);
            try {
                checks.set(contentType.toLowerCase(), compileSchema(schema, resolve));
            } catch (error) {
                throw new Error(`The body of ${where} can't be validated: ${(error as Error).message}`, {
                    cause: error,
                });
            }
        }
    }
    return checks;
}
