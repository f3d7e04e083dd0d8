import type * as pulumi from "@pulumi/pulumi";
import type { AccessPolicies } from "./accessPolicies";
import { trustJobs } from "./githubProvider";
import { makeRole, roleArn, type Policies } from "./roles";
import { deployedProject, type Scope } from "./scope";
import type { SecretsKey } from "./secretsKey";
import type { Settings } from "./settings";
import type { StateBucket } from "./stateBucket";

/** A stack of the project in this account. */
export interface Environment {
    readonly environment: string;
    readonly scope: Scope;
    readonly policies: AccessPolicies;
    readonly secrets: SecretsKey;
}

/** A role that workflows take. */
export interface GitHubRole {
    /** `preview`, or `deploy-<environment>`. */
    readonly purpose: string;
    /** Known before deploy. */
    readonly arn: string;
}

interface Common {
    readonly settings: Settings;
    readonly state: StateBucket;
    /** What the roles wait for: the provider that they trust. */
    readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * The role of checks on pull requests: it reads what a preview and a refresh of any stack read, and writes nothing. Jobs of
 * pull requests from branches of the repository take it; those from forks get no token by GitHub.
 */
export function previewRole(args: Common & { readonly environments: readonly Environment[] }): GitHubRole {
    const { settings, state, environments, dependsOn } = args;
    const stacks = environments.map(({ environment }) => environment);
    const purpose = "preview";
    const role = makeRole(purpose, {
        description: `Previews ${stacks.join(" and ")}, and changes nothing`,
        trust: trustJobs({ settings, subjects: ["pull_request"] }),
        allow: state.reading(deployedProject(), stacks),
        policies: Object.assign({}, ...environments.map(({ policies }) => policies.read)) as Policies,
        dependsOn,
    });
    const arn = roleArn(purpose);
    state.allowKey(role, arn, { write: false });
    environments.forEach(({ secrets }) => secrets.allow(role, arn, { write: false }));
    return { purpose, arn };
}

/** The role of deployments of one stack: jobs with its GitHub environment take it, on the branch of the config alone. */
export function deployRole(args: Common & Environment): GitHubRole {
    const { settings, state, environment, policies, secrets, dependsOn } = args;
    const purpose = `deploy-${environment}`;
    const role = makeRole(purpose, {
        description: `Deploys ${environment}`,
        trust: trustJobs({
            settings,
            subjects: [`environment:${environment}`],
            claims: { environment, ref: `refs/heads/${settings.branch}` },
        }),
        allow: state.writing(deployedProject(), environment),
        policies: { ...policies.read, ...policies.change },
        dependsOn,
    });
    const arn = roleArn(purpose);
    state.allowKey(role, arn, { write: true });
    secrets.allow(role, arn, { write: true });
    return { purpose, arn };
}
