import * as pulumi from "@pulumi/pulumi";

/**
 * Gives every role that the program makes from now on a permissions boundary: a role for deployments may be allowed to make
 * roles with it alone.
 *
 * @param arn ARN of the policy.
 */
export function boundRoles(arn: string): void {
    pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
        type === "aws:iam/role:Role" ? { props: { ...(props as object), permissionsBoundary: arn }, opts } : undefined,
    );
}
