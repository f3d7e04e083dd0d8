import * as assert from "node:assert/strict";
import { Encryption } from "../../components/support/encryption";
import { Firewall } from "../../components/support/firewall";
import type { Plan } from "../../plan/types";
import { planOf, resource, resourcesOfType, statements } from "../support/plans";
import { api, operations } from "./support/blocks";
import { planOfProgram } from "./support/evaluate";

describe("a firewall", () => {
    let plan: Plan;
    before(async () => {
        plan = await planOfProgram(() => {
            const firewall = new Firewall("wall", { requestsPerAddress: 1234, operations: operations() });
            api({ firewall });
        });
    });

    const own = (type: string, name: string) => resource(plan, type, name);
    const visibility = (of: string) => ({
        metricName: `quartet-dev-wall-${of}`,
        cloudwatchMetricsEnabled: true,
        sampledRequestsEnabled: false,
    });

    it("blocks an address beyond its requests of five minutes and what the common rules refuse, only counts what they say of bodies, and keeps no samples", () => {
        const counted = ["SizeRestrictions", "EC2MetaDataSSRF", "GenericLFI", "GenericRFI", "CrossSiteScripting"];

        assert.deepEqual(own(ACL, "wall-acl").inputs, {
            name: "quartet-dev-wall",
            scope: "REGIONAL",
            defaultAction: { allow: {} },
            visibilityConfig: visibility("all"),
            rules: [
                {
                    name: "requests-per-address",
                    priority: 0,
                    action: { block: {} },
                    statement: {
                        rateBasedStatement: { limit: 1234, aggregateKeyType: "IP", evaluationWindowSec: 300 },
                    },
                    visibilityConfig: visibility("requests-per-address"),
                },
                {
                    name: "common-rules",
                    priority: 1,
                    overrideAction: { none: {} },
                    statement: {
                        managedRuleGroupStatement: {
                            vendorName: "AWS",
                            name: "AWSManagedRulesCommonRuleSet",
                            ruleActionOverrides: counted.map((rule) => ({
                                name: `${rule}_BODY`,
                                actionToUse: { count: {} },
                            })),
                        },
                    },
                    visibilityConfig: visibility("common-rules"),
                },
            ],
        });
    });

    it("logs what it blocks or counts and drops the rest, without the headers that let callers in", () => {
        assert.deepEqual(own(LOGGING, "wall-logging").inputs, {
            resourceArn: own(ACL, "wall-acl").outputs.arn,
            logDestinationConfigs: ["arn:aws:logs:eu-west-1:111111111111:log-group:aws-waf-logs-quartet-dev-wall"],
            redactedFields: [
                { singleHeader: { name: "authorization" } },
                { singleHeader: { name: "x-api-key" } },
                { singleHeader: { name: "x-auth-token" } },
            ],
            loggingFilter: {
                defaultBehavior: "DROP",
                filters: [
                    {
                        behavior: "KEEP",
                        requirement: "MEETS_ANY",
                        conditions: [
                            { actionCondition: { action: "BLOCK" } },
                            { actionCondition: { action: "COUNT" } },
                        ],
                    },
                ],
            },
        });
    });

    it("logs to a group of the prefix that WAF demands, kept as long as the stack's other logs", () => {
        assert.deepEqual(own(GROUP, "wall-logs").inputs, {
            name: "aws-waf-logs-quartet-dev-wall",
            retentionInDays: 1,
        });
    });

    it("lets the delivery of logs write to that group, for this account alone", () => {
        const { policyName, policyDocument } = own(LOG_POLICY, "wall-logs-policy").inputs;

        assert.equal(policyName, "quartet-dev-wall-logs");
        assert.deepEqual(statements(policyDocument), [
            {
                Effect: "Allow",
                Principal: { Service: "delivery.logs.amazonaws.com" },
                Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                Resource: "arn:aws:logs:eu-west-1:111111111111:log-group:aws-waf-logs-quartet-dev-wall:*",
                Condition: {
                    StringEquals: { "aws:SourceAccount": "111111111111" },
                    ArnLike: { "aws:SourceArn": "arn:aws:logs:eu-west-1:111111111111:*" },
                },
            },
        ]);
    });

    it("begins to log only after its group is there and may be written to", () => {
        const needed = [own(GROUP, "wall-logs"), own(LOG_POLICY, "wall-logs-policy"), own(ACL, "wall-acl")];

        assert.deepEqual(
            own(LOGGING, "wall-logging").dependsOn,
            needed.map(({ urn }) => urn),
        );
    });

    it("stands before the stage of an API that is given it, and of no other", async () => {
        const without = await planOfProgram(() => void api({}));

        const { inputs, parent } = own(ASSOCIATION, "api-firewall");
        assert.deepEqual(inputs, {
            webAclArn: own(ACL, "wall-acl").outputs.arn,
            resourceArn: own(STAGE, "api-stage").outputs.arn,
        });
        assert.equal(parent, own("quartet:support:RestApi", "api").urn);
        assert.deepEqual(resourcesOfType(without, ASSOCIATION), []);
    });

    it("has its log encrypted by the customer key, where there is one, whose policy names the log", async () => {
        const encrypted = await planOfProgram(() => {
            const encryption = new Encryption("encryption", { mode: "customer-key" });
            new Firewall("wall", { requestsPerAddress: 10, operations: { ...operations(), encryption } });
            encryption.createKey();
        });

        const key = resource(encrypted, "aws:kms/key:Key", "encryption-key");
        assert.equal(resource(encrypted, GROUP, "wall-logs").inputs.kmsKeyId, key.outputs.arn);
        const named = statements(key.inputs.policy).map(
            (statement) => (statement as { Condition?: unknown }).Condition,
        );
        assert.deepEqual(named, [
            undefined,
            {
                ArnEquals: {
                    "kms:EncryptionContext:aws:logs:arn": [
                        "arn:aws:logs:eu-west-1:111111111111:log-group:aws-waf-logs-quartet-dev-wall",
                    ],
                },
            },
        ]);
    });
});

describe("the firewall of the program", () => {
    it("stands before the stages of all four APIs in prod, and is one", async () => {
        const plan = await planOf("prod");

        const [acl, ...more] = resourcesOfType(plan, ACL);
        assert.deepEqual(more, []);
        const associations = resourcesOfType(plan, ASSOCIATION).map(({ name, inputs }) => [name, inputs]);
        assert.deepEqual(
            Object.fromEntries(associations),
            Object.fromEntries(
                ["challenge", "events", "orders", "uploads"].map((of) => [
                    `${of}-api-firewall`,
                    { webAclArn: acl.outputs.arn, resourceArn: resource(plan, STAGE, `${of}-api-stage`).outputs.arn },
                ]),
            ),
        );
        assert.equal(resourcesOfType(plan, STAGE).length, associations.length);
    });

    it("lets an address make as many requests as the config says", async () => {
        const { rules } = resource(await planOf("prod"), ACL, "firewall-acl").inputs as { rules: any[] };

        assert.equal(rules[0].statement.rateBasedStatement.limit, 300_000);
    });

    it("keeps its log as long as prod keeps logs, under the customer key", async () => {
        const plan = await planOf("prod");

        assert.deepEqual(resource(plan, GROUP, "firewall-logs").inputs, {
            name: "aws-waf-logs-quartet-prod-firewall",
            retentionInDays: 365,
            kmsKeyId: resource(plan, "aws:kms/key:Key", "encryption-key").outputs.arn,
        });
    });

    it("is not there in dev, with nothing of its own", async () => {
        const { resources } = await planOf("dev");

        assert.deepEqual(
            resources.filter(
                ({ type, name }) => /wafv2|logResourcePolicy|Firewall/.test(type) || /firewall/.test(name),
            ),
            [],
        );
    });
});

const ACL = "aws:wafv2/webAcl:WebAcl";
const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";
const LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";
const LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const STAGE = "aws:apigateway/stage:Stage";
