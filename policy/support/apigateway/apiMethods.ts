import { Unreadable } from "../failClosed";
import type { Resource } from "../resources";
import { isSet, isTrue, jsonOf, listOf, propsOf, textOf, type Props } from "../values";

export const REST_API = "aws:apigateway/restApi:RestApi";
export const REST_API_PUT = "aws:apigateway/restApiPut:RestApiPut";
export const METHOD = "aws:apigateway/method:Method";

/** Types that declare methods: with the OpenAPI text of an API, or one by one. */
export const METHOD_TYPES = [REST_API, REST_API_PUT, METHOD];

/** A method of a REST API, in the one form that rules read. Each value is read when it is asked for. */
export interface ApiMethod {
    /** E.g. `POST /orders`; the verb alone for a `Method`, whose path other resources hold. */
    readonly name: string;
    /** What tells it from the other methods of the same resource; absent where there are none. */
    readonly finding?: string;
    /** In upper case; `ANY` for each verb that has no method of its own. */
    readonly verb: string;
    /** Who decides on a request, without regard to API keys. */
    readonly authorization: "NONE" | "AWS_IAM" | "CUSTOM" | "COGNITO_USER_POOLS";
    readonly apiKeyRequired: boolean;
    /** What asks for security in a body without effect, e.g. `the scheme token`, which API Gateway does not know. */
    readonly ignored: readonly string[];
    /** What a body's validator looks at. Nothing for a `Method`, whose validator is a resource. */
    readonly validates: { readonly body: boolean; readonly parameters: boolean };
}

/**
 * The methods that a resource declares, be it with an OpenAPI body (text or object) or as a `Method`.
 *
 * @throws Where a body can't be read.
 */
export function methodsOf(resource: Resource): ApiMethod[] {
    if (resource.type === METHOD) {
        return [declaredMethod(resource.props)];
    }
    const body = bodyOf(resource);
    const paths = propsOf(body.paths);
    return Object.keys(paths).flatMap((path) => operations(body, path, propsOf(paths[path])));
}

/** Where an API takes its keys from: an argument goes before what the body says. */
export function keySourceOf(api: Resource): string {
    const source = textOf(api.props.apiKeySource) || textOf(bodyOf(api)["x-amazon-apigateway-api-key-source"]);
    return source?.toUpperCase() ?? "HEADER";
}

function declaredMethod(props: Props): ApiMethod {
    const verb = textOf(props.httpMethod)?.toUpperCase() ?? "ANY";
    return {
        name: verb,
        verb,
        get authorization() {
            return authorizationOf(textOf(props.authorization));
        },
        get apiKeyRequired() {
            return isTrue(props.apiKeyRequired);
        },
        ignored: [],
        validates: { body: false, parameters: false },
    };
}

function authorizationOf(value = "NONE"): ApiMethod["authorization"] {
    const found = AUTHORIZATIONS.find((each) => each === value.toUpperCase());
    if (!found) {
        throw new Unreadable("authorization is none that API Gateway knows");
    }
    return found;
}

const AUTHORIZATIONS = ["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"] as const;

function bodyOf({ props }: Resource): Props {
    return isSet(props, "body") ? propsOf(jsonOf(props.body, "body")) : {};
}

const ANY = "x-amazon-apigateway-any-method";
const VERBS = ["get", "put", "post", "delete", "options", "head", "patch", ANY];

function operations(body: Props, path: string, item: Props): ApiMethod[] {
    if ("$ref" in item) {
        throw new Unreadable("a path of body is only a reference");
    }
    return Object.keys(item)
        .filter((key) => VERBS.includes(key))
        .map((key) => operationMethod(body, path, key, () => propsOf(item[key])));
}

function operationMethod(body: Props, path: string, key: string, operation: () => Props): ApiMethod {
    const verb = key === ANY ? "ANY" : key.toUpperCase();
    const name = `${verb} ${path}`;
    return {
        ...{ name, finding: name, verb },
        get authorization() {
            return operationAuthorization(operation(), schemes(body, operation()));
        },
        get apiKeyRequired() {
            return schemes(body, operation()).some(({ effect }) => effect === "key");
        },
        get ignored() {
            const withoutEffect = schemes(body, operation()).filter(({ effect }) => effect === undefined);
            const atRoot = "security" in body ? ["security at the root of body"] : [];
            return [...withoutEffect.map((scheme) => `the scheme ${scheme.name}`), ...atRoot];
        },
        get validates() {
            const validator = textOf(operation()[VALIDATOR]) ?? textOf(body[VALIDATOR]) ?? "";
            const declared = propsOf(propsOf(body[`${VALIDATOR}s`])[validator]);
            return {
                body: isTrue(declared.validateRequestBody),
                parameters: isTrue(declared.validateRequestParameters),
            };
        },
    };
}

const VALIDATOR = "x-amazon-apigateway-request-validator";

/** An explicit `NONE` opens an operation; otherwise the last scheme that authorises counts, as there can be but one. */
function operationAuthorization(operation: Props, all: readonly Scheme[]): ApiMethod["authorization"] {
    const explicit = textOf(propsOf(operation["x-amazon-apigateway-auth"]).type)?.toUpperCase();
    if (explicit === "NONE" || explicit === "AWS_IAM") {
        return explicit;
    }
    const effect = all.map((scheme) => scheme.effect).findLast((each) => each !== undefined && each !== "key");
    return effect ?? "NONE";
}

/** A security scheme that an operation asks for, and what API Gateway makes of it; undefined where it is nothing. */
interface Scheme {
    readonly name: string;
    readonly effect: ApiMethod["authorization"] | "key" | undefined;
}

/** API Gateway's importer takes all schemes of an operation together, and none from the root of the document. */
function schemes(body: Props, operation: Props): Scheme[] {
    const declared = propsOf(propsOf(body.components).securitySchemes ?? body.securityDefinitions);
    return Array.from(listOf(operation.security), (requirement) => Object.keys(propsOf(requirement)))
        .flat()
        .map((name) => ({ name, effect: effectOf(propsOf(declared[name])) }));
}

function effectOf(scheme: Props): Scheme["effect"] {
    const authorizer = scheme["x-amazon-apigateway-authorizer"];
    if (authorizer !== undefined) {
        return AUTHORIZERS[textOf(propsOf(authorizer).type)?.toLowerCase() ?? ""];
    }
    const authtype = textOf(scheme["x-amazon-apigateway-authtype"]);
    if (authtype !== undefined) {
        return authtype.toLowerCase() === "awssigv4" ? "AWS_IAM" : undefined;
    }
    const isKey = scheme.type === "apiKey" && scheme.in === "header";
    return isKey && textOf(scheme.name)?.toLowerCase() === "x-api-key" ? "key" : undefined;
}

const AUTHORIZERS: Readonly<Record<string, ApiMethod["authorization"] | undefined>> = {
    token: "CUSTOM",
    request: "CUSTOM",
    cognito_user_pools: "COGNITO_USER_POOLS",
};
