import type { Target } from "../../../tools/smoke/target";
import type { System } from "../../../tools/smoke/types";
import type { Falsify, PassingAnswer, PassingRequest } from "./answerProxy";

/** A refusal or promise that a stack does not keep, and the check that must notice it. */
export interface Sabotage {
    readonly system: System;
    /** Title of the check. */
    readonly check: string;
    /** What the stack does instead. */
    readonly what: string;
    readonly falsify: Falsify;
    /** What the check says. */
    readonly says: RegExp;
    /** What is different about the target. @default nothing */
    readonly target?: Partial<Target>;
}

export const SABOTAGES: readonly Sabotage[] = [
    ...(["events", "uploads", "orders"] as const).flatMap((system) => {
        const path = { events: /\/events$/, uploads: /\/upload$/, orders: /\/pedidos/ }[system];
        const token = ({ headers }: PassingRequest) => headers["x-auth-token"] ?? headers.authorization;
        const of = (request: PassingRequest) => path.test(request.path);
        return [
            letIn(system, "answers 401 without a token", (request) => of(request) && !token(request)),
            letIn(system, "answers 401 to a wrong token", (request) => of(request) && !!token(request)),
        ];
    }),
    letIn("challenge", "answers 403 without an API key", ({ headers }) => !headers["x-api-key"]),
    letIn("challenge", "answers 403 to a wrong API key", ({ headers }) => !!headers["x-api-key"]),
    letIn("challenge", "answers 404 at an unknown path", ({ path }) => path.endsWith("/nothing")),
    {
        ...letIn("challenge", "answers 429 over the limit of a key", (_, { status }) => status === 429),
        says: /Of 45 requests at once none was refused, where a key may send 1 requests a second and 8 at once/,
        target: { limits: { key: { requestsPerSecond: 1, burst: 8 }, stage: { requestsPerSecond: 100, burst: 50 } } },
    },
    ...(["uploads", "events"] as const).flatMap((system) =>
        Object.entries({ "its list": /list-type=2/, "an object": /\/(temp|events)\/.+\.\w+/ }).map(([what, path]) => ({
            ...letIn(
                system,
                "lets nobody read its bucket without a signature",
                (request) => request.method === "GET" && path.test(request.path),
            ),
            what: `gives ${what} to everyone`,
        })),
    ),
    letIn("uploads", "answers 403 to a forged status without a signature", isReport),
    letIn("uploads", "answers 403 to a forged status under a foreign signature", isReport),
    {
        ...letIn("uploads", "answers 403 to a forged status under a foreign signature", isReport),
        what: "refuses it as badly signed, which says nothing of who may",
        falsify: (request, { headers }) =>
            isReport(request)
                ? { headers: { ...headers, "x-amzn-errortype": "InvalidSignatureException" } }
                : undefined,
        says: /error type InvalidSignatureException: it was to be refused as AccessDeniedException/,
    },
    letIn("uploads", "lets no foreign role become the worker's", ({ body }) => body.includes("uploads-promote")),
    letIn("uploads", "lets no foreign role list its bucket", ({ path }) => path.includes("list-type=2")),
    letIn("uploads", "has S3 refuse a form with more than was announced", isForm),
    letIn("uploads", "confirms nothing that S3 refused", ({ path }) => path.endsWith("/confirm-upload")),
    letIn("uploads", "shows a file to nobody but its client", ({ path }) => path.includes("/consult-status")),
    letIn("orders", "shows an order to nobody but its client", ({ method, path }) => {
        return method === "GET" && /\/pedidos\/./.test(path);
    }),
    letIn("orders", "deletes an order", ({ method }, { status }) => method === "GET" && status === 404),
    {
        ...{ system: "orders", check: "accepts an order once, however often it comes", what: "makes another order" },
        falsify: replacing(/"order_id":"(?=[^"]+")/, () => `"order_id":"${Math.random()}`, /\/pedidos$/),
        says: /One Idempotency-Key made two orders/,
    },
    {
        ...{ system: "orders", check: "confirms an order with its total", what: "sums up wrongly" },
        falsify: replacing(/"total_cents":950/, () => '"total_cents":951', /\/pedidos\//),
        says: /is confirmed with a total of 951 .*, where confirmed with 950 is agreed/,
    },
    {
        ...{ system: "orders", check: "lists an order", what: "lists others" },
        falsify: replacing(/"order_id":"/g, () => '"order_id":"x', /\/pedidos\?/),
        says: /orders lack/,
    },
    {
        ...{ system: "events", check: "stores an event once, however often it comes", what: "stores it twice" },
        falsify: replacing(/"duplicate":true/, () => '"duplicate":false', /\/events$/),
        says: /1 true false, then 1 true false/,
    },
    {
        ...{ system: "uploads", check: "brings a file from the form to its place", what: "gives the file up" },
        falsify: replacing(/"status":"(uploaded|processing|completed)"/, () => '"status":"error"', /\/consult-status/),
        says: /became error/,
    },
    {
        ...{ system: "challenge", check: "greets by name, with the other key", what: "greets another" },
        falsify: replacing(/Ada/, () => "Eve", /\/hello/),
        says: /other words/,
    },
    {
        ...{ system: "challenge", check: "tells that it is well", what: "has the words in a page that is no JSON" },
        falsify: () => ({ headers: { "content-type": "text/html" }, body: '<p>{"status":"ok"}</p>' }),
        says: /answered 200 with a body that is no JSON/,
    },
    {
        ...{ system: "challenge", check: "tells that it is well", what: "has the words elsewhere in its JSON" },
        falsify: () => ({ body: '{"status":"down","last":{"status":"ok"}}' }),
        says: /status: must be ok/,
    },
];

/** A stack that lets in what it should refuse. */
function letIn(
    system: System,
    check: string,
    when: (request: PassingRequest, answer: PassingAnswer) => boolean,
): Sabotage {
    return {
        ...{ system, check, what: "lets it in", says: /answered 200, and \d+( \w+)? is agreed/ },
        falsify: (request, answer) =>
            when(request, answer)
                ? { status: 200, headers: { "content-type": "application/json" }, body: '{"status":"ok"}' }
                : undefined,
    };
}

function isReport({ path }: PassingRequest): boolean {
    return path.endsWith("/update-status");
}

function isForm({ headers }: PassingRequest): boolean {
    return headers["content-type"]?.startsWith("multipart/form-data") ?? false;
}

function replacing(what: RegExp, by: () => string, path: RegExp): Falsify {
    return (request, { body }) => (path.test(request.path) ? { body: body.replace(what, by) } : undefined);
}
