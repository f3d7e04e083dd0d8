import * as assert from "node:assert/strict";
import { rule as hasAction } from "../../../policy/rules/cloudwatch/alarm-has-action";
import { rule as dlqAlarm } from "../../../policy/rules/cloudwatch/dlq-alarm";
import { rule as cmk } from "../../../policy/rules/cloudwatch/log-group-cmk";
import { rule as retention } from "../../../policy/rules/cloudwatch/log-group-retention";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const make =
    (type: string, name: string) =>
    (props: Record<string, unknown> = {}, more: Partial<Declared> = {}): Declared => ({
        type: `aws:${type}`,
        name,
        props,
        ...more,
    });
const logs = make("cloudwatch/logGroup:LogGroup", "logs");
const alarm = make("cloudwatch/metricAlarm:MetricAlarm", "errors");
const composite = make("cloudwatch/compositeAlarm:CompositeAlarm", "all");

const unknown = (name: string, path: string) =>
    `${name} could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

describe("log-group-retention", () => {
    for (const [title, resource, ...messages] of [
        ["a year", logs({ retentionInDays: 365 })],
        ["ten years, as text", logs({ retentionInDays: "3653" })],
        ["a class that keeps events for two days", logs({ logGroupClass: "DELIVERY" })],
        ["what says nothing", logs(), "logs keeps its events for ever. Set retentionInDays."],
        ["0, which is for ever", logs({ retentionInDays: 0 }), "logs keeps its events for ever. Set retentionInDays."],
        [
            "a month",
            logs({ retentionInDays: 30 }),
            "logs keeps its events for 30 days instead of 365. Set retentionInDays.",
        ],
        ["what can't be read", logs({ retentionInDays: UNKNOWN }), unknown("logs", "retentionInDays")],
    ] as const) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judge(retention, resource), messages);
        });
    }

    it("takes a few days on dev, but not for ever", async () => {
        assert.deepEqual(await judge(retention, logs({ retentionInDays: 7 }), "dev"), []);
        assert.deepEqual(await judge(retention, logs(), "dev"), [
            "logs keeps its events for ever. Set retentionInDays.",
        ]);
    });
});

describe("log-group-cmk", () => {
    const NONE = "logs is not encrypted with a customer managed key. Set kmsKeyId to a customer managed key.";
    for (const [title, resource, ...messages] of [
        ["a key", logs({ kmsKeyId: "arn:aws:kms:eu-west-1:111111111111:key/1" })],
        ["a key that is made with it", logs({ kmsKeyId: UNKNOWN })],
        ["what says nothing", logs(), NONE],
        ["an empty key", logs({ kmsKeyId: "" }), NONE],
    ] as const) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judge(cmk, resource), messages);
        });
    }
});

describe("alarm-has-action", () => {
    const TOPIC = "arn:aws:sns:eu-west-1:111111111111:topic";
    const MEND = "Set alarmActions to the ARN of a topic that somebody is subscribed to.";
    const NONE = `errors has no action. ${MEND} [alarmActions]`;
    const named = alarm(
        { name: "quartet-errors" },
        { outputs: { arn: "arn:aws:cloudwatch:eu-west-1:1:alarm:quartet-errors" } },
    );
    const acting = (props: Record<string, unknown>, more?: Partial<Declared>) =>
        composite({ alarmName: "quartet-all", alarmActions: [TOPIC], ...props }, more);

    for (const [title, resources, ...messages] of [
        ["an action", [alarm({ alarmActions: [TOPIC] })]],
        ["a topic that is made with it", [alarm({ alarmActions: [UNKNOWN], actionsEnabled: "true" })]],
        ["an action of a composite alarm", [acting({ alarmRule: "TRUE" })]],
        [
            "a composite alarm that looks at it by name",
            [named, acting({ alarmRule: 'ALARM("quartet-late") OR ALARM("quartet-errors")' })],
        ],
        [
            "a composite alarm that looks at it without quotes",
            [named, acting({ alarmRule: "NOT OK( quartet-errors )" })],
        ],
        [
            "a composite alarm that looks at it by ARN",
            [named, acting({ alarmRule: "ALARM(arn:aws:cloudwatch:eu-west-1:1:alarm:quartet-errors)" })],
        ],
        [
            "a composite alarm whose rule is still unknown",
            [named, acting({ alarmRule: UNKNOWN }, { refers: { alarmRule: ["errors"] } })],
        ],
        [
            "a composite alarm that it keeps quiet",
            [named, acting({ alarmRule: "TRUE", actionsSuppressor: { alarm: "quartet-errors" } })],
        ],
        [
            "a composite alarm that it keeps quiet by an unknown name",
            [
                named,
                acting(
                    { alarmRule: "TRUE", actionsSuppressor: { alarm: UNKNOWN } },
                    { refers: { actionsSuppressor: ["errors"] } },
                ),
            ],
        ],
        [
            "a composite alarm of composite alarms",
            [
                acting({ alarmRule: 'ALARM("quartet-part")' }),
                make(
                    "cloudwatch/compositeAlarm:CompositeAlarm",
                    "part",
                )({ alarmName: "quartet-part", alarmRule: "TRUE" }),
            ],
        ],
        ["an alarm that says nothing", [alarm()], NONE],
        ["an empty list", [alarm({ alarmActions: [], okActions: [TOPIC] })], NONE],
        ["actions that only the provider answers", [alarm({}, { outputs: { alarmActions: [TOPIC] } })], NONE],
        [
            "disabled actions",
            [alarm({ alarmActions: [TOPIC], actionsEnabled: false })],
            "errors has disabled actions. Leave actionsEnabled out. [actionsEnabled]",
        ],
        [
            "an alarm that a composite one does not look at",
            [named, acting({ alarmRule: 'ALARM("quartet-errors-2")' })],
            NONE,
        ],
        [
            "an alarm beside a composite one of another",
            [named, acting({ alarmRule: UNKNOWN }, { refers: { alarmRule: ["other"] } })],
            NONE,
        ],
        [
            "a composite alarm without an action",
            [composite({ alarmName: "quartet-all", alarmRule: 'ALARM("quartet-all")' })],
            `all has no action. ${MEND} [alarmActions]`,
        ],
        ["what can't be read", [alarm({ alarmActions: UNKNOWN })], unknown("errors", "alarmActions")],
    ] as readonly (readonly [string, readonly Declared[], ...string[]])[]) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(hasAction, resources), messages);
        });
    }
});

describe("dlq-alarm", () => {
    const ARN = "arn:aws:sqs:eu-west-1:111111111111:quartet-dead";
    const dead = make("sqs/queue:Queue", "dead")({ name: "quartet-dead" }, { outputs: { arn: ARN } });
    const source = make(
        "sqs/queue:Queue",
        "source",
    )({
        name: "quartet-source",
        redrivePolicy: JSON.stringify({ deadLetterTargetArn: ARN, maxReceiveCount: 5 }),
    });
    const metric = (queue: unknown, metricName = "ApproximateNumberOfMessagesVisible") => ({
        namespace: "AWS/SQS",
        metricName,
        dimensions: { QueueName: queue },
    });
    const NONE =
        "dead has no alarm for the dead letters that it takes. " +
        "Declare an aws.cloudwatch.MetricAlarm of ApproximateNumberOfMessagesVisible with the queue's QueueName.";

    for (const [title, resources, ...messages] of [
        ["queues that take no dead letters", [dead]],
        ["an alarm of messages that wait", [dead, source, alarm(metric("quartet-dead"))]],
        ["an alarm of their age", [dead, source, alarm(metric("quartet-dead", "ApproximateAgeOfOldestMessage"))]],
        [
            "an alarm by an output that is still unknown",
            [dead, source, alarm(metric(UNKNOWN), { refers: { dimensions: ["dead"] } })],
        ],
        [
            "an alarm of an expression",
            [
                dead,
                source,
                alarm({
                    metricQueries: [
                        { id: "all", expression: "a" },
                        { id: "a", metric: metric("quartet-dead") },
                    ],
                }),
            ],
        ],
        [
            "an alarm of an expression of what is still unknown",
            [
                dead,
                source,
                alarm(
                    { metricQueries: [{ id: "a", metric: metric(UNKNOWN) }] },
                    { refers: { metricQueries: ["dead"] } },
                ),
            ],
        ],
        ["no alarm", [dead, source], NONE],
        ["an alarm of another queue", [dead, source, alarm(metric("quartet-source"))], NONE],
        [
            "an alarm of another queue that is still unknown",
            [dead, source, alarm(metric(UNKNOWN), { refers: { dimensions: ["source"] } })],
            NONE,
        ],
        [
            "a metric that does not count what SQS moves",
            [dead, source, alarm(metric("quartet-dead", "NumberOfMessagesSent"))],
            NONE,
        ],
        [
            "an alarm without a queue, of a queue whose name is still unknown",
            [
                { ...dead, props: {}, outputs: { name: UNKNOWN, arn: UNKNOWN } },
                { ...source, props: { redrivePolicy: UNKNOWN }, refers: { redrivePolicy: ["dead"] } },
                alarm({ metricName: "ApproximateNumberOfMessagesVisible" }),
            ],
            NONE,
        ],
    ] as readonly (readonly [string, readonly Declared[], ...string[]])[]) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(dlqAlarm, resources), messages);
        });
    }
});
