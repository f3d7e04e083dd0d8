import * as assert from "node:assert/strict";
import type { AccessRequest } from "../../../local/iam/types";
import { ACCOUNT, createHarness, GATEWAY, planned, type Harness } from "./support/harness";

const ARN = "arn:aws:lambda:us-east-1:123456789012:function:guarded";
const API = "arn:aws:execute-api:us-east-1:123456789012:abc123";

/** Judges by the function's policy alone, for the one shape of statement that permissions make. */
function byResourcePolicy({ principal, action, resource, context, resourcePolicy }: AccessRequest): boolean {
    const { Statement = [] } = (resourcePolicy ?? {}) as { Statement?: Statement[] };
    return Statement.some(
        ({ Principal, Action, Resource, Condition }) =>
            principal.type === "service" &&
            Principal.Service === principal.service &&
            Action === action &&
            Resource === resource &&
            like(Condition?.ArnLike?.["aws:SourceArn"], context?.["aws:SourceArn"]) &&
            like(Condition?.StringEquals?.["aws:SourceAccount"], context?.["aws:SourceAccount"]),
    );
}

interface Statement {
    Principal: { Service?: string };
    Action: string;
    Resource: string;
    Condition?: { ArnLike?: Record<string, string>; StringEquals?: Record<string, string> };
}

function like(pattern: string | undefined, value: unknown): boolean {
    return (
        pattern === undefined ||
        (typeof value === "string" && new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(value))
    );
}

describe("Lambda: who may invoke", () => {
    let harness: Harness;

    beforeEach(async () => {
        harness = createHarness();
        await harness.declare("guarded", "exports.handler = async () => 'ran'");
        harness.allow = (request) => request.action !== "lambda:InvokeFunction" || byResourcePolicy(request);
    });
    afterEach(() => harness.close());

    const permit = (inputs: Record<string, unknown>) => {
        const defaults = {
            function: ARN,
            action: "lambda:InvokeFunction",
            principal: "apigateway.amazonaws.com",
            statementId: "AllowApi",
        };
        return harness.lambda.apply["aws:lambda/permission:Permission"](
            planned("aws:lambda/permission:Permission", "p", { ...defaults, ...inputs }),
        );
    };
    const invoke = (sourceArn?: string, functionName = "guarded") =>
        harness.lambda.invoke({ functionName, payload: "{}", principal: GATEWAY, sourceArn });

    it("refuses a service without a permission, and starts nothing", async () => {
        await assert.rejects(invoke(`${API}/dev/GET/x`), { code: "AccessDeniedException", status: 403 });

        assert.deepEqual([...harness.logged.keys()], []);
    });

    it("lets in a service whose source matches the permission's sourceArn, and no other source", async () => {
        await permit({ sourceArn: `${API}/*/GET/*` });

        assert.equal((await invoke(`${API}/dev/GET/x`)).payload, '"ran"');
        await assert.rejects(invoke(`${API}/dev/POST/x`), { code: "AccessDeniedException" });
        await assert.rejects(invoke(undefined), { code: "AccessDeniedException" });
    });

    it("compares sourceAccount, which is this account for ARNs that hold none", async () => {
        await permit({ principal: "apigateway.amazonaws.com", sourceAccount: ACCOUNT });

        assert.equal((await invoke("arn:aws:s3:::bucket")).payload, '"ran"');
        await assert.rejects(invoke("arn:aws:execute-api:us-east-1:999999999999:abc/x"), {
            code: "AccessDeniedException",
        });
    });

    it("takes a permission with a qualifier as one for that alias alone", async () => {
        const alias = planned("aws:lambda/alias:Alias", "live", {
            functionName: "guarded",
            name: "live",
            functionVersion: "$LATEST",
        });
        await harness.lambda.apply["aws:lambda/alias:Alias"](alias);
        await permit({ qualifier: "live" });

        assert.equal((await invoke(undefined, `${ARN}:live`)).payload, '"ran"');
        await assert.rejects(invoke(undefined, ARN), { code: "AccessDeniedException" });
    });

    it("remembers a permission, so that the authorizer is not asked for each call", async () => {
        await permit({});
        await invoke();
        const asked = harness.asked.length;

        await Promise.all(Array.from({ length: 10 }, () => invoke()));

        assert.equal(harness.asked.length, asked);
    });

    it("forgets what it remembered when resources are applied again", async () => {
        await permit({});
        await invoke();
        harness.allow = () => false;

        await harness.lambda.ready?.();

        await assert.rejects(invoke(), { code: "AccessDeniedException" });
    });

    it("never takes one caller's permission for another's", async () => {
        harness.allow = ({ principal }) => principal.type === "admin";
        await harness.invoke("guarded", {}, { type: "admin", arn: "arn:aws:iam::123456789012:user/admin" });

        await assert.rejects(harness.invoke("guarded", {}, { type: "anonymous" }), { code: "AccessDeniedException" });
        const role = { type: "role", roleArn: "arn:aws:iam::123456789012:role/other", sessionName: "s" } as const;
        await assert.rejects(harness.invoke("guarded", {}, role), { code: "AccessDeniedException" });
    });
});
