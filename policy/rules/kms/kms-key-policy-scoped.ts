import { each } from "../../support/failClosed";
import { labelOf } from "../../support/iam/labels";
import { publicResources } from "../../support/iam/publicAccess";
import { eachAllowed } from "../../support/iam/statements";
import type { Resource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";
import { isSet, isTrue } from "../../support/values";

const KEY = "aws:kms/key:Key";
const POLICY = "aws:kms/keyPolicy:KeyPolicy";

export const rule: Rule = {
    id: "kms-key-policy-scoped",
    title: "Keys have a policy of their own, which lets in named principals and can't lock out the account.",
    why: "The policy decides who can read all that a key encrypts. One that locks out its own account can't be mended, and the data is lost.",
    mend: "Name principals in the policy, or demand kms:CallerAccount, aws:PrincipalArn or aws:PrincipalOrgID.",
    sources: [
        "Security Hub KMS.5",
        "checkov CKV_AWS_33",
        "checkov CKV2_AWS_64",
        "Pulumi aws-kms-key-disallow-bypass-policy-lockout-safety-check",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [KEY, POLICY],
    async *check(resource) {
        yield* lockOutFaults(resource);
        yield* eachAllowed(resource, ["resource"], function* (statement, document) {
            if (publicResources(statement, document).length > 0) {
                yield { fault: `lets everybody in by ${statement.place}`, finding: labelOf(statement) };
            }
        });
    },
    *checkInStack(key, stack) {
        if (key.type === KEY && !isSet(key.props, "policy") && stack.naming(key, "keyId", POLICY).length === 0) {
            const mend = "Set policy of the key, or add a KeyPolicy.";
            yield { fault: "has no policy of its own", finding: "policy", mend };
        }
    },
};

function lockOutFaults({ props }: Resource): Generator<Fault> {
    return each(["bypassPolicyLockoutSafetyCheck"], function* (property) {
        if (isTrue(props[property])) {
            const mend = "Leave bypassPolicyLockoutSafetyCheck out.";
            yield { fault: "may get a policy that locks the account out", finding: property, mend };
        }
    });
}
