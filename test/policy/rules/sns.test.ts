import * as assert from "node:assert/strict";
import { rule as encryption } from "../../../policy/rules/sns/sns-encryption";
import { rule as tlsOnly } from "../../../policy/rules/sns/sns-tls-only";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const ARN = "arn:aws:sns:eu-west-1:222222222222:alarms";

const topic = (props: Record<string, unknown>, outputs: Record<string, unknown> = { arn: ARN, id: ARN }): Declared => ({
    type: "aws:sns/topic:Topic",
    name: "alarms",
    props,
    outputs,
});

const MEND = "Set kmsMasterKeyId to a customer managed key whose policy admits the topic's publishers.";

describe("sns-encryption", () => {
    for (const [title, props, dev, prod] of [
        ["a key", { kmsMasterKeyId: "alias/quartet" }, [], []],
        ["a key that is made in the same deployment", { kmsMasterKeyId: UNKNOWN }, [], []],
        [
            "AWS's own key",
            { kmsMasterKeyId: "alias/aws/sns" },
            [],
            [`alarms is not encrypted with a customer managed key. ${MEND}`],
        ],
        ["no key", {}, [`alarms is not encrypted. ${MEND}`], [`alarms is not encrypted. ${MEND}`]],
        [
            "an empty key",
            { kmsMasterKeyId: "" },
            [`alarms is not encrypted. ${MEND}`],
            [`alarms is not encrypted. ${MEND}`],
        ],
    ] as const) {
        it(`finds ${prod.length} in a topic with ${title} on prod, ${dev.length} on dev`, async () => {
            assert.deepEqual(await judge(encryption, topic(props), "dev"), dev);
            assert.deepEqual(await judge(encryption, topic(props), "prod"), prod);
        });
    }
});

describe("sns-tls-only", () => {
    const MESSAGE =
        "alarms has no policy that refuses to publish without TLS. Give the topic a policy that denies sns:Publish to everybody where aws:SecureTransport is false.";
    const document = (more: object = {}) => ({
        Statement: {
            Effect: "Deny",
            Principal: { AWS: "*" },
            Action: "SNS:Publish",
            Resource: ARN,
            Condition: { Bool: { "aws:SecureTransport": false } },
            ...more,
        },
    });
    const WITH_TLS = { Bool: { "aws:SecureTransport": "true" } };
    const policy = (arn: string, value: unknown, refers?: Declared["refers"]): Declared => ({
        type: "aws:sns/topicPolicy:TopicPolicy",
        name: "alarms-policy",
        props: { arn, policy: value },
        ...(refers && { refers }),
    });

    for (const [title, resources] of [
        ["its own policy", [topic({ policy: JSON.stringify(document()) })]],
        ["a policy by ARN", [topic({}), policy(ARN, JSON.stringify(document()))]],
        [
            "a policy by an unknown output",
            [topic({}, { arn: UNKNOWN }), policy(UNKNOWN, document(), { arn: ["alarms"] })],
        ],
    ] as const) {
        it(`takes a topic that refuses plain HTTP in ${title}`, async () => {
            assert.deepEqual(await judgeStack(tlsOnly, resources), []);
        });
    }

    for (const [title, resources] of [
        ["no policy but the one that SNS will make", [topic({}, { policy: UNKNOWN })]],
        ["a policy of another topic", [topic({}), policy(`${ARN}-2`, document())]],
        ["a policy that refuses to subscribe", [topic({}), policy(ARN, document({ Action: "sns:Subscribe" }))]],
        ["a policy on the condition of TLS", [topic({}), policy(ARN, document({ Condition: WITH_TLS }))]],
    ] as const) {
        it(`refuses a topic with ${title}`, async () => {
            assert.deepEqual(await judgeStack(tlsOnly, resources), [MESSAGE]);
        });
    }

    it("does not take an unknown policy for one that refuses", async () => {
        assert.deepEqual(await judgeStack(tlsOnly, [topic({}), policy(ARN, UNKNOWN)]), [
            "alarms could not be judged, since policy is known only after a deployment. " +
                "Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:policy]",
        ]);
    });
});
