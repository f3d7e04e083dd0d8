import * as assert from "node:assert/strict";
import { rule as dlq } from "../../../policy/rules/sqs/sqs-dlq";
import { rule as encryption } from "../../../policy/rules/sqs/sqs-encryption";
import { rule as tlsOnly } from "../../../policy/rules/sqs/sqs-tls-only";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const ARN = "arn:aws:sqs:eu-west-1:222222222222";
const URL = "https://sqs.eu-west-1.amazonaws.com/222222222222";

const queue = (props: Record<string, unknown>, name = "orders"): Declared => ({
    type: "aws:sqs/queue:Queue",
    name,
    props: { name, ...props },
    outputs: { arn: `${ARN}:${name}`, url: `${URL}/${name}`, id: `${URL}/${name}` },
});

/** A queue before its first deployment. */
const newQueue = (props: Record<string, unknown>, name?: string): Declared => ({
    ...queue(props, name),
    outputs: { arn: UNKNOWN, url: UNKNOWN, policy: UNKNOWN, redrivePolicy: UNKNOWN },
});

const unknown = (name: string, property: string) =>
    `${name} could not be judged, since ${property} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${property}]`;

describe("sqs-encryption", () => {
    const OWN_KEY =
        "orders is not encrypted with a customer managed key. Set kmsMasterKeyId to a customer managed key.";

    for (const [title, props, findings] of [
        ["SQS's own encryption, which is the default", {}, [OWN_KEY]],
        ["SQS's own encryption, named", { sqsManagedSseEnabled: true }, [OWN_KEY]],
        ["AWS's key for SQS", { kmsMasterKeyId: "alias/aws/sqs" }, [OWN_KEY]],
        ["AWS's key by its ARN", { kmsMasterKeyId: "arn:aws:kms:eu-west-1:222222222222:alias/aws/sqs" }, [OWN_KEY]],
        ["a key", { kmsMasterKeyId: "alias/quartet" }, []],
        ["a key that is made at the same time", { sqsManagedSseEnabled: false, kmsMasterKeyId: UNKNOWN }, []],
    ] as const) {
        it(`takes a queue with ${title} on dev, on prod only with a key of one's own`, async () => {
            assert.deepEqual(await judge(encryption, queue(props), "dev"), []);
            assert.deepEqual(await judge(encryption, queue(props)), findings);
        });
    }

    for (const props of [
        { sqsManagedSseEnabled: false },
        { sqsManagedSseEnabled: "false", kmsMasterKeyId: "" },
        { sqsManagedSseEnabled: false, kmsMasterKeyId: null },
    ]) {
        it(`refuses a queue with ${JSON.stringify(props)} on both`, async () => {
            for (const stack of ["dev", "prod"]) {
                assert.deepEqual(await judge(encryption, queue(props), stack), [
                    "orders is not encrypted. Leave sqsManagedSseEnabled out or set kmsMasterKeyId.",
                ]);
            }
        });
    }

    it("does not take for encrypted what is known only after a deployment", async () => {
        assert.deepEqual(await judge(encryption, queue({ sqsManagedSseEnabled: UNKNOWN })), [
            unknown("orders", "sqsManagedSseEnabled"),
        ]);
    });
});

describe("sqs-tls-only", () => {
    const MESSAGE =
        "orders has no policy that refuses requests without TLS. Give the queue a policy that denies sqs:* to everybody where aws:SecureTransport is false.";
    const denial = (more: object = {}) => ({
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: `${ARN}:orders`,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
        ...more,
    });
    const FROM_ORDERS = {
        Bool: { "aws:SecureTransport": "false" },
        StringEquals: { "aws:PrincipalTag/service": "orders" },
    };
    const document = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
    const policy = (queueUrl: string, text: unknown, refers?: Declared["refers"]): Declared => ({
        type: "aws:sqs/queuePolicy:QueuePolicy",
        name: "orders-policy",
        props: { queueUrl, policy: text },
        ...(refers && { refers }),
    });

    for (const [title, resources] of [
        ["the queue's own policy", [queue({ policy: document(denial()) })]],
        ["a policy by URL", [queue({}), policy(`${URL}/orders`, document(denial()))]],
        ["a policy by the URL of a new queue", [newQueue({}), policy(`${URL}/orders`, document(denial()))]],
        [
            "a policy by an unknown output",
            [newQueue({}), policy(UNKNOWN, { Statement: denial() }, { queueUrl: ["orders"] })],
        ],
    ] as const) {
        it(`takes a queue that refuses plain HTTP in ${title}`, async () => {
            assert.deepEqual(await judgeStack(tlsOnly, resources), []);
        });
    }

    for (const [title, resources] of [
        ["no policy, though the provider may answer one", [newQueue({})]],
        ["a policy of another queue", [queue({}), policy(`${URL}/other`, document(denial()))]],
        ["a policy that is made of another", [newQueue({}), policy(UNKNOWN, document(denial()))]],
        ["a policy that refuses one action", [queue({ policy: document(denial({ Action: "sqs:SendMessage" })) })]],
        ["a policy with a further condition", [queue({ policy: document(denial({ Condition: FROM_ORDERS })) })]],
        ["a policy that allows", [queue({ policy: document(denial({ Effect: "Allow" })) })]],
    ] as const) {
        it(`refuses a queue with ${title}`, async () => {
            assert.deepEqual(await judgeStack(tlsOnly, resources), [MESSAGE]);
        });
    }

    it("does not take an unknown policy for one that refuses", async () => {
        assert.deepEqual(await judgeStack(tlsOnly, [queue({}), policy(`${URL}/orders`, UNKNOWN)]), [
            unknown("orders", "policy"),
        ]);
    });
});

describe("sqs-dlq", () => {
    const MESSAGE = (name: string) =>
        `${name} has no dead-letter queue. Set redrivePolicy with the deadLetterTargetArn of another queue.`;
    const redrive = (name: string) => JSON.stringify({ deadLetterTargetArn: `${ARN}:${name}`, maxReceiveCount: 5 });
    const letters = queue({}, "letters");
    const orders = queue({ redrivePolicy: redrive("letters") });

    it("takes a queue with another for its dead letters, which has none itself", async () => {
        assert.deepEqual(await judgeStack(dlq, [orders, letters]), []);
        assert.deepEqual(await judgeStack(dlq, [orders, newQueue({}, "letters")]), []);
    });

    it("takes both when the policy is made of the other's unknown ARN", async () => {
        const source = { ...newQueue({ redrivePolicy: UNKNOWN }), refers: { redrivePolicy: ["letters"] } };

        assert.deepEqual(await judgeStack(dlq, [source, newQueue({}, "letters")]), []);
        assert.deepEqual(await judgeStack(dlq, [source, newQueue({}, "letters"), newQueue({}, "third")]), [
            MESSAGE("third"),
        ]);
    });

    it("takes a policy in a resource of its own, by URL and by an unknown output", async () => {
        const separate = (queueUrl: string) => ({
            type: "aws:sqs/redrivePolicy:RedrivePolicy",
            props: { queueUrl, redrivePolicy: redrive("letters") },
        });

        assert.deepEqual(await judgeStack(dlq, [queue({}), letters, separate(`${URL}/orders`)]), []);
        assert.deepEqual(
            await judgeStack(dlq, [newQueue({}), letters, { ...separate(UNKNOWN), refers: { queueUrl: ["orders"] } }]),
            [],
        );
    });

    it("takes a queue that says whose dead letters it takes", async () => {
        const says = (redrivePermission: string) => ({ redriveAllowPolicy: JSON.stringify({ redrivePermission }) });

        assert.deepEqual(await judgeStack(dlq, [queue(says("byQueue"))]), []);
        assert.deepEqual(await judgeStack(dlq, [queue(says("allowAll"))]), [MESSAGE("orders")]);
        assert.deepEqual(await judgeStack(dlq, [queue({ redriveAllowPolicy: UNKNOWN })]), [MESSAGE("orders")]);
    });

    const arn = `${ARN}:letters`;
    for (const [type, property, value, partly] of [
        ["aws:sns/topicSubscription:TopicSubscription", "redrivePolicy", redrive("letters"), UNKNOWN],
        ["aws:lambda/function:Function", "deadLetterConfig", { targetArn: arn }, { targetArn: UNKNOWN }],
        [
            "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
            "destinationConfig",
            { onFailure: { destination: arn } },
            { onFailure: { destination: UNKNOWN } },
        ],
        [
            "aws:lambda/eventSourceMapping:EventSourceMapping",
            "destinationConfig",
            { onFailure: { destinationArn: arn } },
            { onFailure: { destinationArn: UNKNOWN } },
        ],
        ["aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig", { arn }, { arn: UNKNOWN }],
        [
            "aws:scheduler/schedule:Schedule",
            "target",
            { arn: `${ARN}:orders`, deadLetterConfig: { arn } },
            { arn: UNKNOWN, deadLetterConfig: { arn: UNKNOWN } },
        ],
    ] as const) {
        it(`takes a queue for dead letters of ${type}`, async () => {
            const named = { type, name: "giver", props: { [property]: value } };
            const refers = { [property]: ["letters"] };

            assert.deepEqual(await judgeStack(dlq, [letters, named]), []);
            assert.deepEqual(
                await judgeStack(dlq, [newQueue({}, "letters"), { ...named, props: { [property]: partly }, refers }]),
                [],
            );
        });
    }

    it("refuses a queue to which messages go first", async () => {
        const target = (value: object) => ({ type: "aws:scheduler/schedule:Schedule", props: { target: value } });
        const destination = {
            type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
            props: { destinationConfig: { onSuccess: { destination: UNKNOWN } } },
            refers: { destinationConfig: ["letters"] },
        };

        assert.deepEqual(await judgeStack(dlq, [letters, target({ arn })]), [MESSAGE("letters")]);
        assert.deepEqual(await judgeStack(dlq, [newQueue({}, "letters"), destination]), [MESSAGE("letters")]);
    });

    for (const [title, resources] of [
        ["no policy, though the provider may answer one", [newQueue({})]],
        ["a policy without a target", [queue({ redrivePolicy: "{}" })]],
        ["an empty policy", [queue({ redrivePolicy: "" })]],
    ] as const) {
        it(`refuses a queue with ${title}`, async () => {
            assert.deepEqual(await judgeStack(dlq, resources), [MESSAGE("orders")]);
        });
    }

    it("says of a policy that is no JSON that it can't be judged, and of the other queue that nothing names it", async () => {
        assert.deepEqual(await judgeStack(dlq, [queue({ redrivePolicy: "letters" }), letters]), [
            "orders could not be judged: redrivePolicy is no JSON. Set redrivePolicy with the deadLetterTargetArn of another queue. [unreadable]",
            MESSAGE("letters"),
        ]);
    });
});
