import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { loadRules } from "../../policy/support/loadRules";

/** Each rule with its levels on dev and on prod: M is mandatory, A advisory, - disabled. */
const LEVELS: Readonly<Record<string, string>> = {
    "alarm-has-action": "AM",
    "apigw-access-logging": "AM",
    "apigw-api-key-usage-plan": "MM",
    "apigw-cache-encrypted": "MM",
    "apigw-execution-logging": "AM",
    "apigw-method-authorization": "MM",
    "apigw-no-data-trace": "MM",
    "apigw-request-validation": "AM",
    "apigw-throttling": "AM",
    "apigw-tls-policy": "MM",
    "apigw-waf-associated": "-M",
    "apigw-xray": "AA",
    "athena-workgroup-encrypted": "MM",
    "cognito-client-hardening": "AM",
    "cognito-deletion-protection": "-M",
    "cognito-mfa": "-M",
    "cognito-no-guest": "MM",
    "cognito-password-policy": "MM",
    "cognito-threat-protection": "-A",
    "dlq-alarm": "-A",
    "dsql-no-admin-connect": "MM",
    "dsql-protected": "-M",
    "dynamodb-capacity": "AA",
    "dynamodb-cmk": "AM",
    "dynamodb-deletion-protection": "-M",
    "dynamodb-pitr": "AM",
    "ecr-encryption-cmk": "AM",
    "ecr-image-scan": "AM",
    "ecr-immutable-tags": "AM",
    "ecr-lifecycle": "AA",
    "ecs-cluster-container-insights": "-M",
    "ecs-exec-logging": "AM",
    "ecs-fargate-platform-latest": "AA",
    "ecs-no-public-ip": "MM",
    "ecs-run-task-scoped": "MM",
    "ecs-task-efs-tls": "MM",
    "ecs-task-logging": "AM",
    "ecs-task-no-host-namespaces": "MM",
    "ecs-task-no-plaintext-secrets": "MM",
    "ecs-task-no-privileged": "MM",
    "ecs-task-non-root-user": "AM",
    "ecs-task-readonly-root": "AM",
    "ecs-task-roles-distinct": "MM",
    "firehose-s3-cmk": "AM",
    "firehose-sse": "MM",
    "glue-catalog-encryption": "AM",
    "glue-security-configuration": "AM",
    "iam-kms-decrypt-scoped": "MM",
    "iam-no-admin-managed-policy": "MM",
    "iam-no-admin-statement": "MM",
    "iam-no-aws-managed-policies": "AM",
    "iam-no-credentials-exposure": "MM",
    "iam-no-data-exfiltration": "MM",
    "iam-no-not-action-not-resource": "MM",
    "iam-no-permissions-management": "MM",
    "iam-no-privilege-escalation": "MM",
    "iam-no-service-wildcard-action": "MM",
    "iam-no-users-or-keys": "MM",
    "iam-no-wildcard-action-prefix": "AM",
    "iam-no-wildcard-resource": "MM",
    "iam-no-wildcard-resource-segment": "AM",
    "iam-pass-role-scoped": "MM",
    "iam-permissions-boundary": "-A",
    "iam-policy-document-valid": "MM",
    "iam-role-policy-conflicts": "MM",
    "iam-role-single-service": "AM",
    "iam-sts-assume-scoped": "MM",
    "iam-trust-cross-account": "MM",
    "iam-trust-github-oidc-scoped": "MM",
    "iam-trust-no-wildcard-principal": "MM",
    "iam-trust-service-confused-deputy": "AM",
    "kms-deletion-window": "AM",
    "kms-key-policy-scoped": "MM",
    "kms-rotation": "MM",
    "lambda-async-failure-destination": "AA",
    "lambda-env-cmk": "-A",
    "lambda-env-no-secrets": "MM",
    "lambda-function-url-auth": "MM",
    "lambda-limits-explicit": "-A",
    "lambda-log-group-managed": "AM",
    "lambda-permission-source": "MM",
    "lambda-sqs-event-source": "AM",
    "lambda-supported-runtime": "MM",
    "lambda-tracing": "AA",
    "lambda-vpc-multi-az": "AM",
    "log-group-cmk": "AM",
    "log-group-retention": "AM",
    "nacl-no-open": "AA",
    "pack-exceptions": "AM",
    "pack-unverified-documents": "AA",
    "pulumi-provider-guard": "AM",
    "pulumi-required-tags": "AA",
    "pulumi-state-bucket": "MM",
    "pulumi-stateful-protected": "-M",
    "rds-backup-retention": "AM",
    "rds-copy-tags": "-A",
    "rds-deletion-protection": "-M",
    "rds-force-ssl": "MM",
    "rds-iam-auth": "AM",
    "rds-log-exports": "AM",
    "rds-managed-master-password": "MM",
    "rds-minor-upgrade": "AM",
    "rds-multi-az": "-M",
    "rds-no-default-names": "-A",
    "rds-not-public": "MM",
    "rds-performance-insights-cmk": "-A",
    "rds-storage-encrypted": "MM",
    "resource-policy-cross-account": "MM",
    "resource-policy-no-not-principal": "MM",
    "resource-policy-no-public-principal": "MM",
    "resource-policy-no-wildcard-action": "MM",
    "resource-policy-service-principal-source": "AM",
    "s3-access-logging": "-M",
    "s3-acls-disabled": "AM",
    "s3-cors-no-wildcard": "AM",
    "s3-encryption": "MM",
    "s3-lifecycle": "AA",
    "s3-no-force-destroy": "-M",
    "s3-no-public-acl": "MM",
    "s3-no-website": "MM",
    "s3-public-access-block": "MM",
    "s3-tls-only": "MM",
    "s3-versioning": "AM",
    "secret-cmk": "AM",
    "secret-guard": "AM",
    "secret-rotation": "-M",
    "sg-description": "AA",
    "sg-no-open-ingress": "MM",
    "sg-open-egress": "AA",
    "sg-rule-conflicts": "MM",
    "sns-encryption": "AM",
    "sns-tls-only": "AM",
    "sqs-dlq": "AM",
    "sqs-encryption": "MM",
    "sqs-tls-only": "MM",
    "ssm-secure-string": "MM",
    "subnet-no-public-ip": "MM",
    "vpc-default-sg-closed": "AM",
    "vpc-endpoints": "-A",
    "vpc-flow-logs": "-M",
    "vpc-no-default": "MM",
    "waf-has-rules": "MM",
    "waf-logging": "-M",
    "waf-metrics": "AM",
};

const LETTERS = { mandatory: "M", advisory: "A", disabled: "-" };

describe("the rules of the pack", () => {
    const rules = loadRules();

    it("are these, with these levels", () => {
        const levels = rules.map(({ id, levels: { dev, prod } }) => [id, LETTERS[dev] + LETTERS[prod]]);

        assert.deepEqual(Object.fromEntries(levels), LEVELS);
    });

    it("are never weaker on prod than on dev", () => {
        const strength = ["disabled", "advisory", "mandatory"];

        const weaker = rules.filter(({ levels: { dev, prod } }) => strength.indexOf(prod) < strength.indexOf(dev));

        assert.deepEqual(weaker, []);
    });

    it("each have a description, a reason, a mend and sources, as sentences", () => {
        for (const { id, title, why, mend, sources } of rules) {
            for (const text of [title, why, mend]) {
                assert.match(text, /^([A-Z`]|[a-z]+:[A-Z]).*\.$/s, `${id}: ${text}`);
            }
            assert.notEqual(sources.length, 0, id);
        }
    });

    it("each judge something: a resource, one among others, or the stack", () => {
        for (const { id, types, check, checkInStack, checkStack } of rules) {
            assert.ok(check ?? checkInStack ?? checkStack, id);
            assert.ok(types.length > 0 || checkStack, id);
        }
    });

    it("name types that the provider has, by their current tokens", () => {
        const types = new Set(rules.flatMap(({ types, joins = [] }) => [...types, ...joins]));

        const unknown = [...types].filter((type) => !isKnown(type));

        assert.deepEqual(unknown, []);
    });
});

/** Whether the provider's package has a resource of this token, or it is the provider itself or of awsx. */
function isKnown(type: string): boolean {
    const [, file] = /^aws:(\w+\/\w+):\w+$/.exec(type) ?? [];
    return file
        ? fs.readFileSync(require.resolve(`@pulumi/aws/${file}`), "utf8").includes(`__pulumiType = '${type}'`)
        : type === "pulumi:providers:aws" || type.startsWith("awsx:");
}
