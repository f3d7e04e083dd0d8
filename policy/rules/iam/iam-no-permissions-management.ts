import type { Rule } from "../../support/rule";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { described, unlimitedGrants } from "../../support/iam/grants";
import { eachAllowed } from "../../support/iam/statements";

export const rule: Rule = {
    id: "iam-no-permissions-management",
    title: "Actions that change permissions are allowed on named resources alone.",
    why: "Who may change the permissions of anything can open it to the world, or to himself.",
    mend: "Leave the action to the deployment, or name ARNs in the statement's Resource.",
    sources: ["checkov CKV_AWS_289", "checkov CKV_AWS_109", "cloudsplaining permissions management"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], (statement) =>
            unlimitedGrants(statement, changesPermissions, { excuse: true }),
        ),
};

const changesPermissions = described(({ accessLevels }) => accessLevels.includes("Permissions management"), "ignored");
