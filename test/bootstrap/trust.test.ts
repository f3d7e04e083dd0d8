import * as assert from "node:assert/strict";
import { compileConditions } from "../../local/iam/conditions";
import type { Plan } from "../../plan/types";
import { resource, statements } from "../support/plans";
import { account, bootstrapPlan } from "./support/bootstrapPlan";

const ISSUER = "token.actions.githubusercontent.com";

const provider = { Federated: `arn:aws:iam::${account}:oidc-provider/${ISSUER}` };

/** What GitHub says in the token of a deployment of dev; in the form with ids. */
const TOKEN = {
    aud: "sts.amazonaws.com",
    sub: "repo:acme@123456/quartet@789012:environment:dev",
    ref: "refs/heads/main",
    environment: "dev",
    repository_id: "789012",
};

describe("who may take the bootstrap's roles", () => {
    let plan: Plan;
    let named: Plan;
    before(async () => {
        [plan, named] = await Promise.all([
            bootstrapPlan("main"),
            bootstrapPlan("main", {
                "quartet-bootstrap:organizationId": undefined,
                "quartet-bootstrap:repositoryId": undefined,
                "quartet-bootstrap:branch": "release/next",
            }),
        ]);
    });

    const trustOf = (of: Plan, purpose: string) =>
        statements(resource(of, "aws:iam/role:Role", `${purpose}-role`).inputs.assumeRolePolicy) as any[];

    /** Whether a role's trust policy takes a token. */
    const takes = (purpose: string, token: Readonly<Record<string, string | undefined>>, of = plan) => {
        const claims = new Map(Object.entries(token).map(([claim, value]) => [`${ISSUER}:${claim}`, value]));
        const question = { value: (key: string) => claims.get(key) } as Parameters<
            ReturnType<typeof compileConditions>
        >[0];
        return trustOf(of, purpose).some(({ Condition }) => compileConditions(Condition, true)(question));
    };

    it("is a job with the stack's environment, of the one repository and branch, in both forms of GitHub's subject", () => {
        assert.deepEqual(trustOf(plan, "deploy-dev"), [
            {
                Effect: "Allow",
                Principal: provider,
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: {
                    StringEquals: {
                        [`${ISSUER}:aud`]: "sts.amazonaws.com",
                        [`${ISSUER}:sub`]: [
                            "repo:acme/quartet:environment:dev",
                            "repo:acme@123456/quartet@789012:environment:dev",
                        ],
                        [`${ISSUER}:environment`]: "dev",
                        [`${ISSUER}:ref`]: "refs/heads/main",
                        [`${ISSUER}:repository_id`]: "789012",
                    },
                },
            },
        ]);
    });

    it("is known by names alone where no ids are configured, and on the branch of the config", () => {
        assert.deepEqual(trustOf(named, "deploy-prod")[0].Condition.StringEquals, {
            [`${ISSUER}:aud`]: "sts.amazonaws.com",
            [`${ISSUER}:sub`]: ["repo:acme/quartet:environment:prod"],
            [`${ISSUER}:environment`]: "prod",
            [`${ISSUER}:ref`]: "refs/heads/release/next",
        });
    });

    it("is a job of a pull request, for the role that only reads", () => {
        assert.deepEqual(trustOf(plan, "preview")[0].Condition.StringEquals, {
            [`${ISSUER}:aud`]: "sts.amazonaws.com",
            [`${ISSUER}:sub`]: ["repo:acme/quartet:pull_request", "repo:acme@123456/quartet@789012:pull_request"],
            [`${ISSUER}:repository_id`]: "789012",
        });
    });

    it("deploys by a token with names as by one with ids", () => {
        assert.equal(takes("deploy-dev", TOKEN), true);
        assert.equal(takes("deploy-dev", { ...TOKEN, sub: "repo:acme/quartet:environment:dev" }), true);
    });

    const REFUSED: Record<string, Readonly<Record<string, string | undefined>>> = {
        "another branch": { ref: "refs/heads/feature" },
        "a tag that is named like the branch": { ref: "refs/tags/main" },
        "another environment": { sub: "repo:acme@123456/quartet@789012:environment:prod", environment: "prod" },
        "a pull request": { sub: "repo:acme@123456/quartet@789012:pull_request", environment: undefined },
        "no environment": { sub: "repo:acme@123456/quartet@789012:ref:refs/heads/main", environment: undefined },
        "another repository": { sub: "repo:acme@123456/other@1:environment:dev", repository_id: "1" },
        "a repository that got the name later": { sub: "repo:acme/quartet:environment:dev", repository_id: "1" },
        "a repository whose name goes on": { sub: "repo:acme/quartet2:environment:dev" },
        "another audience": { aud: "https://github.com/acme" },
        "no claim of the branch": { ref: undefined },
    };

    for (const [what, claims] of Object.entries(REFUSED)) {
        it(`is nobody with a token of ${what}`, () => {
            assert.equal(takes("deploy-dev", { ...TOKEN, ...claims }), false);
        });
    }

    it("makes GitHub's provider for AWS's audience alone, and none where the account has it", async () => {
        const without = await bootstrapPlan("main", { "quartet-bootstrap:createProvider": false });
        const type = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

        assert.deepEqual(resource(plan, type, "github").inputs, {
            url: `https://${ISSUER}`,
            clientIdLists: ["sts.amazonaws.com"],
        });
        assert.deepEqual(
            without.resources.filter((each) => each.type === type),
            [],
        );
    });
});
