import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { stackNames } from "../components/support/names";
import { document, type Statement } from "../components/support/policy";

/** Policies to attach, by purpose. */
export type Policies = Readonly<Record<string, aws.iam.Policy>>;

/** What a role of the bootstrap is made of. */
export interface RoleArgs {
    readonly description: string;
    readonly trust: string;
    /** What its own policy says, such as what it may do with Pulumi's state. */
    readonly allow: readonly Statement[];
    /** What is attached besides. */
    readonly policies: Policies;
    readonly dependsOn?: readonly pulumi.Resource[];
    readonly parent?: pulumi.Resource;
}

/** Makes a role with a policy of its own, and policies of stacks attached. */
export function makeRole(
    purpose: string,
    { description, trust, allow, policies, dependsOn = [], parent }: RoleArgs,
): aws.iam.Role {
    const role = new aws.iam.Role(
        `${purpose}-role`,
        { name: stackNames().physical(purpose), description, assumeRolePolicy: trust, maxSessionDuration: 3600 },
        { dependsOn: [...dependsOn], parent },
    );
    new aws.iam.RolePolicy(`${purpose}-policy`, { name: "own", role: role.name, policy: document(allow) }, { parent });
    for (const [part, policy] of Object.entries(policies)) {
        new aws.iam.RolePolicyAttachment(`${purpose}-${part}`, { role: role.name, policyArn: policy.arn }, { parent });
    }
    return role;
}

/** ARN of a role of the bootstrap by its purpose, for what is made before it. */
export function roleArn(purpose: string): string {
    const names = stackNames();
    return names.globalArn("iam", `role/${names.physical(purpose)}`);
}
