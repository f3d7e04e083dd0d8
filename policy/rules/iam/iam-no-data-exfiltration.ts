import type { Rule } from "../../support/rule";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { listed, unlimitedGrants } from "../../support/iam/grants";
import { eachAllowed } from "../../support/iam/statements";

export const rule: Rule = {
    id: "iam-no-data-exfiltration",
    title: "Objects, parameters and secrets may be read from named resources alone.",
    why: "Whoever takes over the workload otherwise carries away all files and passwords of the account.",
    mend: "Name the ARNs of the bucket, parameters or secrets in the statement's Resource.",
    sources: ["checkov CKV_AWS_288", "checkov CKV_AWS_108", "cloudsplaining READ_ONLY_DATA_EXFILTRATION_ACTIONS"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], (statement) => unlimitedGrants(statement, readsData, { excuse: true })),
};

const readsData = listed(
    ...["s3:GetObject", "s3:GetObjectVersion", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
    ...["ssm:GetParameterHistory", "secretsmanager:GetSecretValue"],
);
