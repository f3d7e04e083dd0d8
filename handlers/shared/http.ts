import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { corsHeaders, preflightHeaders } from "./cors";
import { isRefusal, refusal, type Refusal } from "./refusal";
import { routeName, type Route } from "./route";
import { allowedMethods, pathFinder } from "./routing";

/** A request to one of an API's routes. */
export interface HttpRequest {
    /** API Gateway's id of the request; it goes on everything that the request causes. */
    readonly id: string;
    /** Id of the client whose token was sent; empty on routes for which no token is asked. */
    readonly client: string;
    /** Value of a header, by its name in lower case. */
    readonly header: (name: string) => string | undefined;
    /** Parameters of the query; the last value of a repeated one. */
    readonly query: Readonly<Record<string, string | undefined>>;
    /** The whole path of the request's URL, with the stage, as it leads the caller to the route. */
    readonly path: string;
    /** Parameters of the path. */
    readonly parameters: Readonly<Record<string, string>>;
    /** The body, not yet decoded: `bodyBytes` does that, within the route's limits. */
    readonly sent: SentBody;
    readonly route: Route;
    /** When Lambda would end the invocation, in ms since 1970. */
    readonly deadline: number;
}

/** A body as API Gateway hands it over. */
export type SentBody = Pick<APIGatewayProxyEvent, "body" | "isBase64Encoded">;

/** What a route answers. */
export interface Answer {
    readonly status: number;
    /** A value to be sent as JSON, or a JSON text as it is. */
    readonly body: object | string;
    readonly headers?: Readonly<Record<string, string>>;
}

/** An API behind API Gateway. */
export interface HttpApi {
    readonly routes: readonly Route[];
    /** Routes whose preflights are answered here, where other functions answer some of them. @default `routes` */
    readonly preflights?: readonly Route[];
    /** Origins whose pages may call; `*` for all. */
    readonly corsOrigins: readonly string[];
    /** What answers each route, by its name. */
    readonly answers: Readonly<Record<string, (request: HttpRequest) => Answer | Promise<Answer>>>;
    /** For routes with `auth: "token"`: the client id that the request's token belongs to, if it is anyone's. */
    readonly authenticate?: (header: HttpRequest["header"]) => string | undefined;
}

/**
 * Makes the Lambda handler of an API. What all APIs have in common is here: routing, preflights, `HEAD`, refusals and their
 * bodies, the request's id, and one log line for each request.
 *
 * @throws When a route has no answer.
 */
export function httpHandler(api: HttpApi) {
    const unanswered = api.routes.filter((route) => !api.answers[routeName(route)]);
    if (unanswered.length > 0) {
        throw new Error(`No answer is given for ${unanswered.map(routeName).join(", ")}`);
    }
    const find = pathFinder(api.routes);
    const findPreflight = api.preflights ? pathFinder(api.preflights) : find;
    return async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
        const started = performance.now();
        const header = headerReader(event);
        const seen: Seen = { requestId: event.requestContext.requestId, route: "none" };
        const answer = await dispatch(
            api,
            event.httpMethod === "OPTIONS" ? findPreflight : find,
            event,
            context,
            header,
            seen,
        ).catch((error: unknown) => refused(isRefusal(error) ? error : unexpected(error, seen), seen));
        console.info({ ...seen, status: answer.status, ms: Math.round(performance.now() - started) });
        return {
            statusCode: answer.status,
            headers: {
                "x-request-id": seen.requestId,
                ...corsHeaders(api.corsOrigins, header("origin")),
                ...(answer.body === "" ? {} : { "content-type": "application/json" }),
                ...answer.headers,
            },
            body: event.httpMethod === "HEAD" ? "" : textOf(answer.body),
        };
    };
}

/** What is known about a request for its log line; never a token. */
interface Seen {
    readonly requestId: string;
    route: string;
    client?: string;
    code?: string;
}

async function dispatch(
    api: HttpApi,
    find: ReturnType<typeof pathFinder>,
    event: APIGatewayProxyEvent,
    context: Context,
    header: HttpRequest["header"],
    seen: Seen,
): Promise<Answer> {
    const match = find(event.path);
    if (!match) {
        throw refusal(404, "NOT_FOUND", "There is nothing at this path");
    }
    if (event.httpMethod === "OPTIONS") {
        return { status: 204, body: "", headers: preflightHeaders(match.routes) };
    }
    const method = event.httpMethod === "HEAD" ? "GET" : event.httpMethod;
    const route = match.routes.find((candidate) => candidate.method === method);
    if (!route) {
        const allow = allowedMethods(match.routes).join(", ");
        throw refusal(405, "METHOD_NOT_ALLOWED", `This path answers ${allow}`, { headers: { allow } });
    }
    seen.route = routeName(route);
    if (route.auth === "token" || route.auth === "authorizer") {
        seen.client = route.auth === "token" ? api.authenticate?.(header) : letIn(event);
        if (seen.client === undefined) {
            throw refusal(401, "UNAUTHORIZED", "Unauthorized: Invalid or missing authentication token");
        }
    }
    return api.answers[seen.route]({
        id: seen.requestId,
        client: seen.client ?? "",
        header,
        query: event.queryStringParameters ?? {},
        path: event.requestContext.path,
        parameters: match.parameters,
        sent: event,
        route,
        deadline: Date.now() + context.getRemainingTimeInMillis(),
    });
}

/** Whom the API's authorizer let in. */
function letIn({ requestContext }: APIGatewayProxyEvent): string | undefined {
    const principal: unknown = requestContext.authorizer?.principalId;
    return typeof principal === "string" && principal !== "" ? principal : undefined;
}

function headerReader({ headers }: APIGatewayProxyEvent): HttpRequest["header"] {
    const values = new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    return (name) => values.get(name);
}

function refused({ status, code, message, issues, headers }: Refusal, seen: Seen): Answer {
    seen.code = code;
    return { status, body: { message, code, issues }, headers };
}

/** Logs where an unforeseen error came from. Its message stays out: it may hold what the caller sent. */
function unexpected(error: unknown, { requestId, route }: Seen): Refusal {
    const { name, code, stack } = error as Partial<NodeJS.ErrnoException>;
    const frames = (stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
    console.error({ requestId, route, error: { name, code, frames } });
    return refusal(500, "INTERNAL_ERROR", "Something went wrong on our side");
}

function textOf(body: Answer["body"]): string {
    return typeof body === "string" ? body : JSON.stringify(body);
}
