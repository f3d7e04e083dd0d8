import type { Plan } from "../../../plan/types";
import { evaluate } from "../../../local/iam/evaluate";
import { createQuestion } from "../../../local/iam/globalKeys";
import { compilePolicy, type PlacedPolicy } from "../../../local/iam/policy";
import { identify } from "../../../local/iam/principals";
import type { Context, Decision } from "../../../local/iam/types";
import { resource } from "../../support/plans";
import { account, region } from "./bootstrapPlan";

type Verdict = Decision["result"];

/**
 * Answers what a role of the bootstrap may do, by all policies that it has, as the local run's evaluator of IAM decides.
 *
 * @param purpose `preview`, `deploy-dev`, …
 */
export function roleVerdicts(plan: Plan, purpose: string) {
    const role = resource(plan, "aws:iam/role:Role", `${purpose}-role`);
    const texts = [
        resource(plan, "aws:iam/rolePolicy:RolePolicy", `${purpose}-policy`).inputs.policy,
        ...attachedTo(plan, String(role.inputs.name)).map(({ inputs }) => inputs.policy),
    ];
    return verdicts(String(role.outputs.arn), texts.map(placed));
}

/** Answers what a policy allows by itself. */
export function policyVerdicts(plan: Plan, name: string) {
    const { policy } = resource(plan, "aws:iam/policy:Policy", name).inputs;
    return verdicts(`arn:aws:iam::${account}:role/any`, [placed(policy)]);
}

/** The policies that are attached to a role. */
export function attachedTo({ resources }: Plan, roleName: string) {
    const arns = resources
        .filter(({ type, inputs }) => /RolePolicyAttachment$/.test(type) && inputs.role === roleName)
        .map(({ inputs }) => inputs.policyArn);
    return resources.filter(({ type, outputs }) => type === "aws:iam/policy:Policy" && arns.includes(outputs.arn));
}

function placed(policy: unknown, index = 0): PlacedPolicy {
    const place = `policy ${index}`;
    return { place, policy: compilePolicy(policy, place, "identity") };
}

function verdicts(roleArn: string, identity: readonly PlacedPolicy[]) {
    const caller = identify({ type: "role", roleArn, sessionName: "job" });
    return (action: string, on: string, context: Context = {}): Verdict => {
        const request = {
            principal: { type: "role" as const, roleArn, sessionName: "job" },
            ...{ action, resource: on, context },
        };
        const question = createQuestion({ request, identity: caller, role: undefined, account, region });
        return evaluate(question, { identity, combine: "either" }).result;
    };
}
