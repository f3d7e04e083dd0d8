import { compilePolicy, type CompiledPolicy } from "../../../iam/policy";
import { compileGatewayResponses } from "../gatewayResponses";
import { createRouter } from "../router";
import type { Api, Method } from "../types";
import { refuseUnimportable } from "./models";
import { importOperation } from "./operation";
import { refuseUnroutable } from "./paths";
import type { OpenApiBody, Operation } from "./types";

/** Inputs of `aws:apigateway/restApi:RestApi` that matter to a request. */
export interface RestApiInputs {
    readonly body?: string;
    readonly apiKeySource?: string;
    readonly binaryMediaTypes?: readonly string[];
    readonly disableExecuteApiEndpoint?: boolean;
    readonly failOnWarnings?: boolean;
    readonly minimumCompressionSize?: string | number;
    readonly policy?: string;
}

/**
 * Makes a REST API from its OpenAPI body and arguments; an argument goes before the body.
 *
 * @param arnPrefix `arn:aws:execute-api:<region>:<account>:<id>`, which a policy's `execute-api:/…` stands for.
 * @throws What API Gateway's importer refuses, and what the local run does not support yet, as a sentence that names the path.
 */
export function importRestApi(id: string, inputs: RestApiInputs, arnPrefix: string): Api {
    const body = parse(inputs.body);
    const keySource = inputs.apiKeySource ?? body["x-amazon-apigateway-api-key-source"] ?? "HEADER";
    if (keySource !== "HEADER") {
        throw new Error(`API keys from the source ${keySource} are not supported by the local run yet.`);
    }
    if (body.security !== undefined) {
        throw new Error(
            "`security` stands at the root of the body, where API Gateway ignores it; put it on each operation.",
        );
    }
    refuseUnimportable(body.components?.schemas ?? {}, inputs.failOnWarnings ?? false);
    const policy = inputs.policy ?? body["x-amazon-apigateway-policy"];
    const minimumCompressionSize =
        inputs.minimumCompressionSize ?? body["x-amazon-apigateway-minimum-compression-size"];
    const binary = inputs.binaryMediaTypes ?? body["x-amazon-apigateway-binary-media-types"] ?? [];
    return {
        id,
        route: createRouter(importPaths(id, body)),
        gatewayResponses: compileGatewayResponses(body["x-amazon-apigateway-gateway-responses"]),
        binaryMediaTypes: new Set(binary.map((type) => type.toLowerCase())),
        ...(minimumCompressionSize === undefined || minimumCompressionSize === ""
            ? {}
            : { minimumCompressionSize: Number(minimumCompressionSize) }),
        ...(policy ? { policy: resourcePolicy(policy, arnPrefix) } : {}),
        disabled:
            inputs.disableExecuteApiEndpoint ??
            body["x-amazon-apigateway-endpoint-configuration"]?.disableExecuteApiEndpoint ??
            false,
    };
}

/** API Gateway's quota for a definition, in bytes. */
const LARGEST_DEFINITION = 6 * 1024 * 1024;

function parse(text: string | undefined): OpenApiBody {
    if (!text) {
        throw new Error("The API has no `body`; the local run makes REST APIs from OpenAPI bodies alone.");
    }
    if (Buffer.byteLength(text) > LARGEST_DEFINITION) {
        throw new Error("The body is over 6 MB, the most that API Gateway imports.");
    }
    let body: OpenApiBody;
    try {
        body = JSON.parse(text) as OpenApiBody;
    } catch (error) {
        throw new Error("The body is not JSON.", { cause: error });
    }
    if (!/^3\.0\./.test(String(body.openapi))) {
        throw new Error(`The body is OpenAPI ${String(body.openapi)}; API Gateway and the local run take 3.0.`);
    }
    return body;
}

const VERBS = ["get", "put", "post", "delete", "options", "head", "patch"];

const ANY = "x-amazon-apigateway-any-method";

/** Keys of a path that are no operations. */
const OTHER = new Set(["parameters", "summary", "description", "servers"]);

function importPaths(apiId: string, body: OpenApiBody): Method[] {
    const paths = Object.entries(body.paths ?? {});
    refuseUnroutable(paths.map(([path]) => path));
    return paths.flatMap(([path, item]) =>
        Object.entries(item)
            .filter(([key]) => !OTHER.has(key))
            .map(([key, operation]) => {
                if (key !== ANY && !VERBS.includes(key)) {
                    throw new Error(`${path} has the key ${key}, which API Gateway does not import as a method.`);
                }
                const httpMethod = key === ANY ? "ANY" : key.toUpperCase();
                return importOperation({ apiId, body, path, httpMethod, item, operation: operation as Operation });
            }),
    );
}

/** Writes out the short form of a policy's resources. */
function resourcePolicy(policy: unknown, arnPrefix: string): CompiledPolicy {
    const text = typeof policy === "string" ? policy : JSON.stringify(policy);
    const full = text.replaceAll(/"execute-api:\/(?=[^"]*")/g, `"${arnPrefix}/`);
    return compilePolicy(full, `The resource policy of ${arnPrefix}`, "resource");
}
