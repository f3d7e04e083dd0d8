import * as assert from "node:assert/strict";
import { AlarmTopic } from "../../components/support/alarmTopic";
import { Encryption, type EncryptionMode } from "../../components/support/encryption";
import { loadPlan } from "../../plan/load";
import { readProject } from "../../plan/project";
import type { Plan } from "../../plan/types";
import { planOf, projectFolder, resource, resourcesOfType, statements } from "../support/plans";
import { planOfProgram } from "./support/evaluate";

describe("a topic for alarms", () => {
    const planOfTopic = (mode: EncryptionMode) =>
        planOfProgram(() => {
            const encryption = new Encryption("encryption", { mode });
            new AlarmTopic("bells", { encryption });
            encryption.createKey();
        });
    const ofAlarms = { ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:*" } };

    it("takes messages of the account's own alarms alone, and none without TLS", async () => {
        const plan = await planOfTopic("aws-managed");

        const arn = "arn:aws:sns:eu-west-1:111111111111:quartet-dev-bells";
        const { inputs } = resource(plan, POLICY, "bells-policy");
        assert.deepEqual(
            { ...inputs, policy: statements(inputs.policy) },
            { arn, policy: topicStatements(arn, ofAlarms) },
        );
        assert.equal(resource(plan, TOPIC, "bells-topic").outputs.arn, arn);
    });

    it("is encrypted by the customer key, which CloudWatch may use for the account's own alarms", async () => {
        const plan = await planOfTopic("customer-key");

        const key = resource(plan, "aws:kms/key:Key", "encryption-key");
        assert.deepEqual(resource(plan, TOPIC, "bells-topic").inputs, {
            name: "quartet-dev-bells",
            kmsMasterKeyId: key.outputs.arn,
        });
        assert.deepEqual(statements(key.inputs.policy).slice(1), [
            {
                Effect: "Allow",
                Principal: { Service: "cloudwatch.amazonaws.com" },
                Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
                Resource: "*",
                Condition: ofAlarms,
            },
        ]);
    });

    it("names no key where AWS manages them, since alarms can't be published under SNS's own", async () => {
        const plan = await planOfTopic("aws-managed");

        assert.deepEqual(resource(plan, TOPIC, "bells-topic").inputs, { name: "quartet-dev-bells" });
    });
});

describe("the alarms' topic of the program", () => {
    it("takes messages of prod's alarms alone, and none without TLS", async () => {
        const plan = await planOf("prod");

        const arn = "arn:aws:sns:eu-west-1:222222222222:quartet-prod-alarms";
        const ofAlarms = { ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:222222222222:alarm:*" } };
        const { inputs } = resource(plan, POLICY, "alarms-policy");
        assert.deepEqual(
            { ...inputs, policy: statements(inputs.policy) },
            { arn, policy: topicStatements(arn, ofAlarms, "222222222222") },
        );
        assert.deepEqual(
            resourcesOfType(plan, TOPIC).map(({ outputs }) => outputs.arn),
            [arn],
        );
    });

    it("is not there in dev", async () => {
        const { resources } = await planOf("dev");

        assert.deepEqual(
            resources.filter(({ type }) => /^aws:sns|AlarmTopic/.test(type)),
            [],
        );
    });

    it("is told of every alarm beside the further topics of the config", async () => {
        const other = "arn:aws:sns:eu-west-1:111111111111:other";
        const topics = ["arn:aws:sns:eu-west-1:111111111111:quartet-dev-alarms", other];

        const plan = await planOfConfig({ "quartet:alarmTopic": true, "quartet:alarmTopics": [other] });
        const without = await planOfConfig({ "quartet:alarmTopic": false, "quartet:alarmTopics": [other] });

        assertTold(plan, topics);
        assertTold(without, [other]);
    });
});

const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:sns/topicPolicy:TopicPolicy";

function topicStatements(arn: string, ofAlarms: object, account = "111111111111"): unknown[] {
    return [
        {
            Sid: "PublishAlarms",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: arn,
            Condition: { StringEquals: { "aws:SourceAccount": account }, ...ofAlarms },
        },
        {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: arn,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
    ];
}

/** The plan of dev with other values of config. */
function planOfConfig(config: Record<string, unknown>): Promise<Plan> {
    const project = readProject(projectFolder, "dev");
    return loadPlan({ ...project, config: { ...project.config, ...config } });
}

/** Asserts that every alarm tells these topics, and no other, that it rings and that it is over. */
function assertTold(plan: Plan, topics: readonly string[]): void {
    const alarms = resourcesOfType(plan, "aws:cloudwatch/metricAlarm:MetricAlarm");
    assert.ok(alarms.length > 0);
    for (const { name, inputs } of alarms) {
        assert.deepEqual([inputs.alarmActions, inputs.okActions], [topics, topics], name);
    }
}
