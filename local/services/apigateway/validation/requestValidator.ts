import * as querystring from "node:querystring";
import { faults, type Fault } from "../faults";
import { mediaType } from "../mediaTypes";
import type { Exchange } from "../types";

export interface RequiredParameter {
    readonly name: string;
    readonly in: "header" | "path" | "query";
}

export interface RequestValidatorArgs {
    /** Required parameters; empty when the validator leaves parameters alone. */
    readonly parameters: readonly RequiredParameter[];
    /** Checks of bodies by content type; empty when the validator leaves bodies alone. */
    readonly models: ReadonlyMap<string, (value: unknown) => boolean>;
}

/** Checks parameters, then the body. A content type without a model passes; an empty body counts as `{}`. */
export function createRequestValidator({
    parameters,
    models,
}: RequestValidatorArgs): (exchange: Exchange) => Fault | undefined {
    const inOrder = PLACES.flatMap((place) => parameters.filter((parameter) => parameter.in === place));
    return (exchange) => missing(inOrder, exchange) ?? (isValid(models, exchange) ? undefined : faults.invalidBody);
}

/** In the order in which API Gateway lists what is missing. */
const PLACES = ["header", "path", "query"] as const;

function missing(parameters: readonly RequiredParameter[], exchange: Exchange): Fault | undefined {
    if (parameters.length === 0) {
        return undefined;
    }
    const query = querystring.parse(exchange.query);
    const names = parameters.filter((parameter) => isBlank(parameter, exchange, query)).map(({ name }) => name);
    if (names.length === 0) {
        return undefined;
    }
    return { type: "BAD_REQUEST_PARAMETERS", message: `Missing required request parameters: [${names.join(", ")}]` };
}

function isBlank(
    parameter: RequiredParameter,
    { request, route }: Exchange,
    query: querystring.ParsedUrlQuery,
): boolean {
    switch (parameter.in) {
        case "header": {
            // API Gateway compares names of headers with their case.
            const at = request.rawHeaders.findIndex((name, index) => index % 2 === 0 && name === parameter.name);
            return at < 0 || request.rawHeaders[at + 1].trim() === "";
        }
        case "path":
            return !route?.pathParameters?.[parameter.name];
        case "query":
            return ([] as string[]).concat(query[parameter.name] ?? "").every((value) => value.trim() === "");
    }
}

function isValid(models: RequestValidatorArgs["models"], { request, body }: Exchange): boolean {
    const check = models.size > 0 ? models.get(mediaType(request.headers["content-type"])) : undefined;
    if (!check) {
        return true;
    }
    try {
        return check(JSON.parse(body?.toString() || "{}"));
    } catch {
        return false;
    }
}
