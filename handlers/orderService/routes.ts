import * as v from "valibot";
import { descriptionRoute, type Route } from "../shared/route";
import { orderSchema } from "./orderSchema";
import { ORDER_STATUSES } from "./statuses";

/** The routes of OrderService. */
export function orderServiceRoutes(): Route[] {
    return [
        {
            method: "POST",
            path: "/pedidos",
            auth: "authorizer",
            summary: "Takes an order, and starts its processing",
            headers: [...WITH_BODY, "Idempotency-Key"],
            body: { schema: orderSchema, ...AT_MOST },
            responses: {
                202: "The order is stored, and will be processed; `Location` tells where its status is to be seen",
                413: "The body is too large",
                415: "The body is no JSON in UTF-8",
                422: "The `Idempotency-Key` came with another order before",
                ...ALWAYS,
            },
        },
        {
            method: "GET",
            path: "/pedidos",
            auth: "authorizer",
            summary: "The client's orders, newest first",
            headers: ["Authorization"],
            query: listSchema,
            responses: {
                200: "A page of orders; `next_cursor` leads to the next one, and is `null` on the last",
                ...ALWAYS,
            },
        },
        {
            method: "GET",
            path: "/pedidos/{id}",
            auth: "authorizer",
            summary: "An order, with its status; `ETag` is its version",
            headers: ["Authorization"],
            responses: { 200: "The order", 404: "There is no such order of this client", ...ALWAYS },
        },
        {
            method: "PUT",
            path: "/pedidos/{id}",
            auth: "authorizer",
            summary: "Puts another order in an order's place, to be processed anew",
            headers: [...WITH_BODY, "If-Match"],
            body: { schema: orderSchema, ...AT_MOST },
            responses: {
                202: "The order is stored, and will be processed",
                404: "There is no such order of this client",
                409: "The order is being processed",
                412: "The order has another version than `If-Match` says",
                413: "The body is too large",
                415: "The body is no JSON in UTF-8",
                428: "`If-Match` is missing",
                ...ALWAYS,
            },
        },
        {
            method: "DELETE",
            path: "/pedidos/{id}",
            auth: "authorizer",
            summary: "Deletes an order; one that is pending is then not processed",
            headers: ["Authorization"],
            responses: {
                204: "The order is gone",
                404: "There is no such order of this client",
                409: "The order is being processed",
                ...ALWAYS,
            },
        },
        descriptionRoute({ auth: "none", headers: [] }),
    ];
}

/** The one route of a method and path, as the functions have one each. */
export function routeOf(method: Route["method"], path: string): Route[] {
    return orderServiceRoutes().filter((route) => route.method === method && route.path === path);
}

/** The query of `GET /pedidos`. */
export function listSchema() {
    const limit = "must be a whole number from 1 to 100";
    return v.object({
        limit: v.optional(v.pipe(v.string(limit), v.regex(/^([1-9]\d?|100)$/, limit)), "20"),
        cursor: v.optional(v.string()),
        status: v.optional(v.picklist(ORDER_STATUSES, `must be one of ${ORDER_STATUSES.join(", ")}`)),
    });
}

const WITH_BODY = ["Authorization", "Content-Type", "Content-Encoding"];

/** More than the largest valid order has, all its characters escaped. */
const AT_MOST = { maxBytes: 262_144, maxUnpackedBytes: 262_144 };

const ALWAYS = {
    400: "The request is not valid; every issue is listed",
    401: "The token is missing or nobody's",
    503: "The database did not answer; the same request can be sent again",
};
