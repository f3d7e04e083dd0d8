import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { pathPattern, type Route } from "../../handlers/shared/route";
import type { Callback } from "./callback";

/** An API whose routes functions answer. */
export interface InvokePermissionsArgs {
    readonly api: aws.apigateway.RestApi;
    /** Name of the stage. */
    readonly stage: string;
    readonly routes: readonly Route[];
    /** All paths go to one function. */
    readonly proxy?: boolean;
    /** The function that answers a route, or its path's preflight. */
    readonly callbackOf: (route: Pick<Route, "method" | "path">) => Callback;
    /** The function that lets callers in, if there is one. */
    readonly authorizer?: { readonly callback: Callback };
}

/** One permission for each method and path: no other route of this API, and no other API, may invoke the function. */
export function permitInvocations(name: string, args: InvokePermissionsArgs, opts: pulumi.CustomResourceOptions): void {
    const { api, stage, authorizer } = args;
    const permit = (what: string, callback: Callback, sourceArn: pulumi.Output<string>) =>
        new aws.lambda.Permission(
            `${name}-invoke-${what}`,
            {
                function: callback.function.name,
                action: "lambda:InvokeFunction",
                principal: "apigateway.amazonaws.com",
                sourceArn,
            },
            opts,
        );
    for (const { method, path } of operations(args)) {
        const callback = args.callbackOf({ method: method as Route["method"], path });
        // Parameters stand in the ARN that API Gateway gives, too; a wildcard covers them however it writes them.
        const resource = pathPattern(path).slice(1);
        permit(words(method, path), callback, pulumi.interpolate`${api.executionArn}/${stage}/${method}/${resource}`);
    }
    if (authorizer) {
        permit("authorizer", authorizer.callback, pulumi.interpolate`${api.executionArn}/authorizers/*`);
    }
}

function operations({ routes, proxy }: InvokePermissionsArgs): { method: string; path: string }[] {
    if (proxy) {
        return ["/", "/{proxy+}"].map((path) => ({ method: "*", path }));
    }
    const paths = new Set(routes.map(({ path }) => path));
    return [...routes, ...Array.from(paths, (path) => ({ method: "OPTIONS", path }))];
}

/** A method and a path as part of a resource's name, e.g. `post-events`. */
function words(method: string, path: string): string {
    return [method === "*" ? "any" : method.toLowerCase(), ...(path.toLowerCase().match(/[a-z0-9]+/g) ?? [])].join("-");
}
