import { ATTACHMENT_TYPES, eachAwsManagedPolicy } from "../../support/iam/attached";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "iam-no-admin-managed-policy",
    title: "Nothing has the rights of an administrator.",
    why: "Whoever takes over a workload that has them owns the account.",
    mend: "Attach a policy with the actions and resources that the workload needs.",
    sources: [
        "checkov CKV_AWS_274",
        "checkov CKV_AWS_275",
        "checkov CKV2_AWS_56",
        "prowler iam_role_administratoraccess_policy",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ATTACHMENT_TYPES,
    check: (resource) =>
        eachAwsManagedPolicy(resource, function* (name) {
            if (ADMINISTRATORS.includes(name)) {
                yield { fault: `attaches ${name}`, finding: name };
            }
        }),
};

const ADMINISTRATORS = ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"];
