import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { pathPattern, type Route } from "./route";

/**
 * Makes the Lambda authorizer of an API whose callers send `Authorization: Bearer <token>`. Who is let in may call every route with
 * `auth: "authorizer"`, since API Gateway remembers the answer for all of them.
 *
 * @param ownerOf The client id that a token belongs to, or `undefined` for nobody's.
 */
export function bearerAuthorizer(
    routes: readonly Pick<Route, "method" | "path">[],
    ownerOf: (token: string) => string | undefined | Promise<string | undefined>,
) {
    return async ({ headers, methodArn }: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
        const [, header = ""] = Object.entries(headers ?? {}).find(([name]) => /^authorization$/i.test(name)) ?? [];
        const token = /^Bearer +(\S+) *$/i.exec(header)?.[1];
        const client = token === undefined ? undefined : await ownerOf(token);
        if (client === undefined) {
            // API Gateway makes 401 of this very word, and 500 of any other.
            throw new Error("Unauthorized");
        }
        const [api, stage] = methodArn.split("/");
        return {
            principalId: client,
            policyDocument: {
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Action: "execute-api:Invoke",
                        Resource: routes.map(({ method, path }) => `${api}/${stage}/${method}${pathPattern(path)}`),
                    },
                ],
            },
        };
    };
}
