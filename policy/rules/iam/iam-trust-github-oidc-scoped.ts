import { each } from "../../support/failClosed";
import { demanded, type Condition } from "../../support/iam/conditions";
import { eachAllowed, type Statement } from "../../support/iam/statements";
import type { Resource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";
import { isTrue, listOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "iam-trust-github-oidc-scoped",
    title: "Roles for GitHub Actions trust named repositories, with tokens made for AWS.",
    why: "Each repository on GitHub gets tokens of the same provider: one that is not named can take the role as well.",
    mend: "Demand aud as sts.amazonaws.com and sub as repo:<org>/<repo>:<branch, tag or environment> with StringEquals; repositories with immutable subjects have repo:<org>@<id>/<repo>@<id>:.",
    sources: [
        "checkov CKV_AWS_393",
        "checkov CKV_AWS_358",
        "IAM Access Analyzer missing github repo condition key",
        "IAM Access Analyzer specific github repo and branch recommended",
        "IAM Access Analyzer ForAllValues with single valued key",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:iam/role:Role", "aws:iam/openIdConnectProvider:OpenIdConnectProvider"],
    options: {
        refWildcards: {
            what: "Whether a sub may have wildcards after the repository: any of its branches and pull requests",
            schema: { type: "boolean" },
            dev: true,
            prod: false,
        },
    },
    check: (resource, { refWildcards }) =>
        resource.type === "aws:iam/role:Role"
            ? eachAllowed(resource, ["trust"], (statement) =>
                  each(issuersOf(statement), (issuer) => faultsOf(statement, issuer, isTrue(refWildcards))),
              )
            : providerFaults(resource),
};

/** GitHub's issuers among the principals: of github.com, of its data residency, of servers of one's own. */
function issuersOf({ principals }: Statement): string[] {
    const federated = principals.filter(({ kind }) => kind === "Federated");
    return federated.flatMap(({ value }) => /:oidc-provider\/(.+)$/.exec(value)?.[1] ?? []).filter(isGitHub);
}

function isGitHub(issuer: string): boolean {
    return /^token\.actions\.(?:githubusercontent\.com|[\w-]+\.ghe\.com)(?:\/|$)|\/_services\/token$/i.test(issuer);
}

function* faultsOf({ conditions, place }: Statement, issuer: string, refWildcards: boolean): Generator<Fault> {
    const audiences = demanded(conditions, `${issuer}:aud`);
    if (!audiences?.every((audience) => AUDIENCES.includes(audience))) {
        yield {
            fault: `trusts GitHub's tokens for other audiences than sts.amazonaws.com in ${place}`,
            finding: "aud",
        };
    }
    const subjects = conditions.filter((condition) => limits(condition, `${issuer}:sub`));
    if (subjects.length === 0) {
        yield { fault: `trusts all of GitHub's repositories in ${place}`, finding: "sub" };
        return;
    }
    // All conditions must hold, so that one which names repositories is enough.
    const loose = subjects.map(({ values }) => values.filter((value) => !isPinned(value, refWildcards)));
    if (loose.every((values) => values.length > 0)) {
        for (const value of new Set(loose.flat())) {
            yield { fault: `trusts the subject ${value} of GitHub in ${place}`, finding: value };
        }
    }
}

/** Also those of China's regions. */
const AUDIENCES = ["sts.amazonaws.com", "sts.amazonaws.com.cn"];

function limits({ operator, set, ifExists, key, values }: Condition, wanted: string): boolean {
    return (
        key === wanted.toLowerCase() &&
        /^String(?:Equals|EqualsIgnoreCase|Like)$/.test(operator) &&
        !ifExists &&
        set !== "ForAllValues" &&
        values.length > 0
    );
}

/** Whether a subject names one repository, as `repo:org/repo:…` or, with immutable ids, as `repo:org@1/repo@2:…`. */
function isPinned(subject: string, refWildcards: boolean): boolean {
    const ref = /^repo:(?:[\w-]+\/[\w.-]+|[\w-]+@\d+\/[\w.-]+@\d+):(.+)$/.exec(subject)?.[1];
    return ref !== undefined && (refWildcards || !/[*?]|\$\{/.test(ref));
}

function* providerFaults({ props }: Resource): Generator<Fault> {
    if (isGitHub(textOf(props.url)?.replace(/^https:\/\//, "") ?? "")) {
        yield* each(listOf(props.clientIdLists), function* (audience) {
            if (!AUDIENCES.includes(textOf(audience) ?? "")) {
                const mend = "Set clientIdLists to sts.amazonaws.com alone.";
                yield {
                    fault: "takes GitHub's tokens for other audiences than sts.amazonaws.com",
                    finding: "aud",
                    mend,
                };
            }
        });
    }
}
