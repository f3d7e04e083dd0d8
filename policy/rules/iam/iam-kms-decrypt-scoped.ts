import type { Rule } from "../../support/rule";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { listed, unlimitedGrants } from "../../support/iam/grants";
import { eachAllowed } from "../../support/iam/statements";

export const rule: Rule = {
    id: "iam-kms-decrypt-scoped",
    title: "Decryption is allowed with named keys alone, whatever the conditions.",
    why: "With all keys, a workload can read whatever is encrypted anywhere in the account.",
    mend: "Name the ARNs of the keys in the statement's Resource, or allow it in the key's own policy.",
    sources: ["Security Hub KMS.1", "Security Hub KMS.2", "prowler iam_policy_no_full_access_to_kms"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], (statement) => unlimitedGrants(statement, decrypts, { excuse: false })),
};

const decrypts = listed("kms:Decrypt", "kms:ReEncryptFrom");
