import { ApiGatewayAccount } from "../../../components/support/apiGatewayAccount";
import { Callback, type CallbackArgs } from "../../../components/support/callback";
import { Encryption } from "../../../components/support/encryption";
import type { Operations } from "../../../components/support/operations";
import { RestApi, type RestApiArgs } from "../../../components/support/restApi";
import type { Route } from "../../../handlers/shared/route";
import type { Plan } from "../../../plan/types";

// To be called inside the program of `planOfProgram`.

/** AWS's own keys, and one topic for alarms. */
export function operations(): Operations {
    return {
        encryption: new Encryption("encryption", { mode: "aws-managed" }),
        logs: { retentionDays: 1, level: "INFO" },
        alarmTopics: ["arn:aws:sns:eu-west-1:111111111111:alarms"],
    };
}

/** A function that answers 200. */
export function callback(name = "answer", more: Partial<CallbackArgs> = {}): Callback {
    return new Callback(name, {
        factory: () => () => Promise.resolve({ statusCode: 200 }),
        description: "Answers",
        operations: operations(),
        ...more,
    });
}

export function route(auth: Route["auth"], path = "/x", method: Route["method"] = "GET"): Route {
    return { method, path, auth, summary: "", headers: [], responses: {} };
}

/** An API named `api`, with one open route unless told otherwise. */
export function api(more: Partial<RestApiArgs>): RestApi {
    return new RestApi("api", {
        ...{ title: "Api", stage: "dev", routes: [route("none")], callback: callback(), corsOrigins: ["*"] },
        ...{ account: new ApiGatewayAccount("account"), operations: operations() },
        ...more,
    });
}

/** An authorizer by the header `Authorization`, for {@link api}. */
export function authorizer(): NonNullable<RestApiArgs["authorizer"]> {
    return { callback: callback("authorize"), header: "Authorization", rememberSeconds: 300 };
}

/** The OpenAPI body of the plan's one API. */
export function bodyOf({ resources }: Plan): any {
    const apis = resources.filter(({ type }) => type === "aws:apigateway/restApi:RestApi");
    return JSON.parse(apis[0].inputs.body as string);
}
