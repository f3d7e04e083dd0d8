import * as assert from "node:assert/strict";
import { rule as github } from "../../../policy/rules/iam/iam-trust-github-oidc-scoped";
import { role, trusting, unknown } from "../support/iamRoles";
import { judge, UNKNOWN } from "../support/judge";

const issuer = "token.actions.githubusercontent.com";
const provider = `arn:aws:iam::111111111111:oidc-provider/${issuer}`;
const main = "repo:acme/quartet:ref:refs/heads/main";
const trust = (Condition: object, Federated: unknown = provider) => ({
    ...{ Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Principal: { Federated }, Condition },
});
/** A trust in tokens for AWS, with some condition on their subject. */
const subject = (operator: string, sub: unknown, host = issuer) => {
    const aud = { [`${host}:aud`]: "sts.amazonaws.com" };
    const both = operator === "StringEquals" ? { ...aud, [`${host}:sub`]: sub } : aud;
    const condition = {
        StringEquals: both,
        ...(operator !== "StringEquals" && { [operator]: { [`${host}:sub`]: sub } }),
    };
    return trust(condition, `arn:aws:iam::111111111111:oidc-provider/${host}`);
};

describe("iam-trust-github-oidc-scoped", () => {
    const mend =
        "Demand aud as sts.amazonaws.com and sub as repo:<org>/<repo>:<branch, tag or environment> with StringEquals; " +
        "repositories with immutable subjects have repo:<org>@<id>/<repo>@<id>:.";
    const at = "in statement 1 of assumeRolePolicy";
    const all = `role trusts all of GitHub's repositories ${at}. ${mend} [sub]`;
    const audience = `role trusts GitHub's tokens for other audiences than sts.amazonaws.com ${at}. ${mend} [aud]`;
    const loose = (sub: string, statement = at) =>
        `role trusts the subject ${sub} of GitHub ${statement}. ${mend} [${sub}]`;

    for (const [title, statement] of [
        ["a branch", subject("StringEquals", main)],
        [
            "an environment and a tag",
            subject("StringEquals", ["repo:a/b.c_d:environment:prod", "repo:a/b:ref:refs/tags/v1"]),
        ],
        [
            "a branch with immutable ids",
            subject("StringEquals", "repo:octocat@123456/my-repo@456789:ref:refs/heads/main"),
        ],
        ["a pattern without wildcards", subject("StringLike", main)],
        [
            "a literal beside a pattern",
            trust({
                StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com", [`${issuer}:sub`]: main },
                StringLike: { [`${issuer}:sub`]: "repo:acme/*" },
            }),
        ],
        [
            "keys of any case",
            trust({ StringEquals: { [`${issuer.toUpperCase()}:AUD`]: "sts.amazonaws.com", [`${issuer}:Sub`]: main } }),
        ],
        ["an enterprise's issuer", subject("StringEquals", main, `${issuer}/acme`)],
        [
            "another issuer",
            trust({ StringEquals: { "gitlab.com:sub": "x" } }, "arn:aws:iam::111111111111:oidc-provider/gitlab.com"),
        ],
        ["a service", { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
    ] as const) {
        it(`takes a role that trusts ${title}`, async () => {
            assert.deepEqual(await judge(github, trusting(statement)), []);
        });
    }

    for (const sub of [
        ...[
            "*",
            "repo:*",
            "repo:acme/*",
            "repo:acme/*:ref:refs/heads/main",
            "repo:acme/quartet*",
            "repo:acme/quart*:x",
        ],
        ...[
            "repo:acme*/quartet:x",
            "repo:acme/quartet",
            "repo:acme/quartet:",
            "repo:acme@1/quartet:ref:refs/heads/main",
        ],
        ...[
            "repo:acme@*/quartet@2:x",
            "repo:acme@1/quartet@?:x",
            "environment:prod",
            "acme/quartet:ref:refs/heads/main",
        ],
    ]) {
        it(`refuses a role that trusts ${sub}, on dev and prod`, async () => {
            for (const stack of ["dev", "prod"]) {
                assert.deepEqual(await judge(github, trusting(subject("StringLike", [main, sub])), stack), [
                    loose(sub),
                ]);
            }
        });
    }

    it("lets dev alone trust all branches of a repository", async () => {
        for (const sub of ["repo:acme/quartet:*", "repo:acme@1/quartet@2:ref:refs/heads/*"]) {
            assert.deepEqual(await judge(github, trusting(subject("StringLike", sub)), "dev"), []);
            assert.deepEqual(await judge(github, trusting(subject("StringLike", sub))), [loose(sub)]);
        }
    });

    for (const [title, statement] of [
        ["no sub", trust({ StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" } })],
        ["a sub that may be missing", subject("StringEqualsIfExists", main)],
        ["a sub among all values", subject("ForAllValues:StringEquals", main)],
        ["every other sub", subject("StringNotEquals", main)],
        [
            "the sub of another issuer",
            trust({ StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com", "gitlab.com:sub": main } }),
        ],
    ] as const) {
        it(`refuses a role that demands ${title}`, async () => {
            assert.deepEqual(await judge(github, trusting(statement)), [all]);
        });
    }

    it("refuses other audiences, or none", async () => {
        for (const aud of [{}, { [`${issuer}:aud`]: ["sts.amazonaws.com", "https://github.com/acme"] }]) {
            const statement = trust({ StringEquals: { [`${issuer}:sub`]: main, ...aud } });
            assert.deepEqual(await judge(github, trusting(statement)), [audience]);
        }
    });

    it("knows GitHub's other issuers", async () => {
        for (const host of [`${issuer}/acme`, "token.actions.acme.ghe.com", "github.acme.com/_services/token"]) {
            assert.deepEqual(await judge(github, trusting(subject("StringLike", "repo:*", host))), [loose("repo:*")]);
        }
    });

    it("judges each statement, and each provider of one", async () => {
        const other = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };
        const bad = {
            ...subject("StringLike", "repo:*"),
            Principal: { Federated: ["cognito-identity.amazonaws.com", provider] },
        };
        assert.deepEqual(await judge(github, trusting(other, subject("StringEquals", main), bad)), [
            loose("repo:*", "in statement 3 of assumeRolePolicy"),
        ]);
    });

    it("does not take what is known only after a deployment", async () => {
        assert.deepEqual(await judge(github, role({ assumeRolePolicy: UNKNOWN })), [
            `role ${unknown("assumeRolePolicy")}`,
        ]);
        assert.deepEqual(
            await judge(github, trusting(subject("StringEquals", UNKNOWN), subject("StringLike", "repo:*"))),
            [
                `role ${unknown(`assumeRolePolicy.Statement.0.Condition.StringEquals.${issuer}:sub`)}`,
                loose("repo:*", "in statement 2 of assumeRolePolicy"),
            ],
        );
    });

    it("wants a provider of GitHub's tokens to take those for AWS alone", async () => {
        const declared = (url: string, clientIdLists: unknown) => ({
            type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            props: { url, clientIdLists },
        });
        assert.deepEqual(await judge(github, declared(`https://${issuer}`, ["sts.amazonaws.com"])), []);
        assert.deepEqual(await judge(github, declared("https://gitlab.com", ["https://gitlab.com"])), []);
        assert.deepEqual(await judge(github, declared(issuer, ["sts.amazonaws.com", "https://github.com/acme"])), [
            "it takes GitHub's tokens for other audiences than sts.amazonaws.com. " +
                "Set clientIdLists to sts.amazonaws.com alone. [aud]",
        ]);
        assert.deepEqual(await judge(github, declared(UNKNOWN, ["x"])), [`it ${unknown("url")}`]);
    });
});
