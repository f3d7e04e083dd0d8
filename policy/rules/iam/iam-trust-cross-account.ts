import { ALLOWED_ACCOUNTS, isOwnAccount, namedAccount } from "../../support/account";
import { demanded, type Condition } from "../../support/iam/conditions";
import { isFixedTo } from "../../support/iam/fixedValues";
import { eachAllowed } from "../../support/iam/statements";
import type { Rule } from "../../support/rule";
import { textsOf } from "../../support/values";

export const rule: Rule = {
    id: "iam-trust-cross-account",
    title: "Other accounts take a role only if they are listed, and with an external id or from the same organization.",
    why: "Who rules another account rules what its principals do here. Without an external id, its other customers may as well.",
    mend: "Remove the account from assumeRolePolicy, or add it to the rule's accounts.",
    sources: ["boogy trust_policy_validation", "cloudsplaining AssumableByCrossAccountPrincipal"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:iam/role:Role"],
    options: { accounts: ALLOWED_ACCOUNTS },
    check: (role, { accounts }) =>
        eachAllowed(role, ["trust"], function* ({ principals, conditions, place }) {
            for (const { value, account } of principals.filter((each) => each.kind === "AWS")) {
                if (account === undefined) {
                    const mend = "Name the account, or the ARN of a role, as an AWS principal.";
                    yield { fault: `trusts ${value}, which tells no account, in ${place}`, finding: value, mend };
                } else if (!isOwnAccount(account) && !textsOf(accounts).includes(account)) {
                    yield { fault: `trusts ${namedAccount(account)} in ${place}`, finding: account };
                } else if (!isOwnAccount(account) && !isAgreed(conditions)) {
                    yield {
                        fault: `trusts account ${account} without an external id or organization in ${place}`,
                        finding: account,
                        mend: "Demand sts:ExternalId or aws:PrincipalOrgID with StringEquals in assumeRolePolicy.",
                    };
                }
            }
        }),
};

function isAgreed(conditions: readonly Condition[]): boolean {
    const ofOrganization = (key: string) => key === "aws:principalorgid" || key === "aws:principalorgpaths";
    return demanded(conditions, "sts:ExternalId") !== undefined || isFixedTo(conditions, ofOrganization);
}
