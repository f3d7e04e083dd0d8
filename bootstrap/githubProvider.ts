import * as aws from "@pulumi/aws";
import { stackNames } from "../components/support/names";
import { document } from "../components/support/policy";
import type { Settings } from "./settings";

/** Who makes the tokens of GitHub's workflows. */
export const ISSUER = "token.actions.githubusercontent.com";

/** The audience that `aws-actions/configure-aws-credentials` asks GitHub for. */
export const AUDIENCE = "sts.amazonaws.com";

/**
 * Lets AWS take GitHub's tokens. STS checks GitHub's certificate itself, so that no thumbprint is needed.
 *
 * @param create False where the account has the provider already: an account has one for each issuer.
 * @returns What roles that trust it wait for.
 */
export function githubProvider(create: boolean): aws.iam.OpenIdConnectProvider[] {
    return create
        ? [new aws.iam.OpenIdConnectProvider("github", { url: `https://${ISSUER}`, clientIdLists: [AUDIENCE] })]
        : [];
}

/** Which jobs of a repository's workflows may take a role. */
export interface TrustedJobs {
    readonly settings: Pick<Settings, "repository" | "ids">;
    /** Ends of the subject: `environment:dev` for jobs with that environment, `pull_request` for those of a pull request. */
    readonly subjects: readonly string[];
    /** Further claims of the token that must be so, such as `{ ref: "refs/heads/main" }`. @default - none */
    readonly claims?: Readonly<Record<string, string>>;
}

/**
 * The trust policy of a role for jobs of GitHub's workflows.
 *
 * A subject names the repository as `<organization>/<repository>` or, in repositories made, renamed or transferred since
 * 15 July 2026, as `<organization>@<id>/<repository>@<id>`. Where the ids are known both forms are taken, and the id of the
 * repository is demanded besides: a repository that gets the name later has another one.
 *
 * Sources: GitHub Docs, "OpenID Connect reference"; IAM User Guide, "Available keys for AWS OIDC federation".
 */
export function trustJobs({ settings: { repository, ids }, subjects, claims = {} }: TrustedJobs): string {
    const [organization, name] = repository.split("/");
    const forms = [repository, ...(ids ? [`${organization}@${ids.organization}/${name}@${ids.repository}`] : [])];
    const demanded = { ...claims, ...(ids && { repository_id: ids.repository }) };
    return document([
        {
            Effect: "Allow",
            Principal: { Federated: stackNames().globalArn("iam", `oidc-provider/${ISSUER}`) },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
                StringEquals: {
                    [`${ISSUER}:aud`]: AUDIENCE,
                    [`${ISSUER}:sub`]: forms.flatMap((form) => subjects.map((subject) => `repo:${form}:${subject}`)),
                    ...Object.fromEntries(
                        Object.entries(demanded).map(([claim, value]) => [`${ISSUER}:${claim}`, value]),
                    ),
                },
            },
        },
    ]);
}
