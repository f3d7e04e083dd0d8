import * as assert from "node:assert/strict";
import {
    GetQueueAttributesCommand,
    GetQueueUrlCommand,
    ListQueuesCommand,
    ReceiveMessageCommand,
    SendMessageCommand,
    SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { predict } from "../../../plan/outputs/predict";
import {
    account,
    applyAll,
    arnOf,
    customerKey,
    part,
    queue,
    region,
    startSqs,
    type SqsServer,
} from "./support/sqsServer";

describe("SQS: queues", () => {
    let server: SqsServer | undefined;
    const start = async (...resources: ReturnType<typeof queue>[]) => (server = await startSqs({ resources }));
    afterEach(async () => {
        await server?.close();
        server = undefined;
    });
    const attributes = async (name = "queue") => {
        const { client, queueUrl } = server as SqsServer;
        const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl(name), AttributeNames: ["All"] });
        return (await client.send(command)).Attributes as Record<string, string>;
    };
    const set = (Attributes: Record<string, string>) => {
        const { client, queueUrl } = server as SqsServer;
        return client.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl(), Attributes }));
    };

    it("have the attributes that the program gives them, and SQS's defaults", async () => {
        const policy = { Version: "2012-10-17", Statement: [] };
        await start(
            queue("plain"),
            queue("queue", {
                visibilityTimeoutSeconds: 1,
                delaySeconds: 2,
                receiveWaitTimeSeconds: 3,
                messageRetentionSeconds: 1_209_600,
                maxMessageSize: 1024,
                kmsMasterKeyId: customerKey,
                kmsDataKeyReusePeriodSeconds: 86_400,
            }),
            part("queuePolicy", "queue", { policy }),
        );

        const { CreatedTimestamp, LastModifiedTimestamp, ...plain } = await attributes("plain");
        const own = await attributes();

        const counts = {
            ApproximateNumberOfMessages: "0",
            ApproximateNumberOfMessagesDelayed: "0",
            ApproximateNumberOfMessagesNotVisible: "0",
        };
        assert.deepEqual(plain, {
            ...counts,
            QueueArn: arnOf("plain"),
            DelaySeconds: "0",
            MaximumMessageSize: "262144",
            MessageRetentionPeriod: "345600",
            ReceiveMessageWaitTimeSeconds: "0",
            SqsManagedSseEnabled: "true",
            VisibilityTimeout: "30",
        });
        assert.ok(Math.abs(Number(CreatedTimestamp) - Date.now() / 1000) < 60);
        assert.ok(Number(LastModifiedTimestamp) >= Number(CreatedTimestamp));
        assert.deepEqual(
            { ...own, CreatedTimestamp: undefined, LastModifiedTimestamp: undefined },
            {
                ...counts,
                QueueArn: arnOf("queue"),
                VisibilityTimeout: "1",
                DelaySeconds: "2",
                ReceiveMessageWaitTimeSeconds: "3",
                MessageRetentionPeriod: "1209600",
                MaximumMessageSize: "1024",
                SqsManagedSseEnabled: "false",
                KmsMasterKeyId: customerKey,
                KmsDataKeyReusePeriodSeconds: "86400",
                Policy: JSON.stringify(policy),
                CreatedTimestamp: undefined,
                LastModifiedTimestamp: undefined,
            },
        );
        assert.deepEqual((server as SqsServer).sqs.attributes(arnOf("queue")), own);
        assert.equal((server as SqsServer).sqs.attributes(arnOf("none")), undefined);
    });

    const refused: [string, ReturnType<typeof queue>[], RegExp][] = [
        ["are FIFO", [queue("q.fifo", { fifoQueue: true })], /FIFO queues are not supported by the local run yet/],
        ["have a name that leads out of the folder", [queue("../q")], /no valid queue name/],
        ["keep messages too briefly", [queue("q", { messageRetentionSeconds: 59 })], /MessageRetentionPeriod/],
        [
            "have two kinds of encryption",
            [queue("q", { kmsMasterKeyId: customerKey, sqsManagedSseEnabled: true })],
            /one type of server-side encryption/,
        ],
        ["have a policy that is none", [queue("q", { policy: '{"Version":"1"}' })], /policy of queue q/],
        [
            "redrive without a count",
            [queue("q", { redrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf("d") }) })],
            /mandatory attribute: maxReceiveCount/,
        ],
        [
            "redrive after no receive",
            [queue("q", { redrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf("d"), maxReceiveCount: 0 }) })],
            /valid values are from 1 to 1000 both inclusive/,
        ],
        ["are set by a part alone", [part("queuePolicy", "q", { policy: "{}" })], /is not declared/],
    ];
    for (const [what, resources, message] of refused) {
        it(`stop the start when they ${what}`, async () => {
            await assert.rejects(startSqs({ resources }), { message });
        });
    }

    it("are found by name and prefix, at the endpoint of the local run", async () => {
        const { client, url } = await start(queue("a-1"), queue("a-2"), queue("b"));
        const at = (name: string) => `${url}/${account}/${name}`;

        const found = await client.send(new GetQueueUrlCommand({ QueueName: "b" }));
        const first = await client.send(new ListQueuesCommand({ QueueNamePrefix: "a-", MaxResults: 1 }));
        const second = await client.send(
            new ListQueuesCommand({ QueueNamePrefix: "a-", MaxResults: 1, NextToken: first.NextToken }),
        );

        assert.equal(found.QueueUrl, at("b"));
        assert.deepEqual([first.QueueUrls, second.QueueUrls], [[at("a-1")], [at("a-2")]]);
        assert.equal(second.NextToken, undefined);
        await assert.rejects(client.send(new GetQueueUrlCommand({ QueueName: "c" })), { name: "QueueDoesNotExist" });
    });

    it("can be set until the plan is applied again", async () => {
        const { sqs, client, queueUrl } = await start(queue("queue"));
        await set({ VisibilityTimeout: "7", KmsMasterKeyId: customerKey });
        const changed = await attributes();
        await set({ SqsManagedSseEnabled: "true" });
        const back = await attributes();
        await client.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: "kept" }));

        await applyAll(sqs, [queue("queue")]);

        assert.deepEqual([changed.VisibilityTimeout, changed.SqsManagedSseEnabled], ["7", "false"]);
        assert.equal(changed.KmsMasterKeyId, customerKey);
        assert.deepEqual(
            [back.KmsMasterKeyId, back.SqsManagedSseEnabled, back.VisibilityTimeout],
            [undefined, "true", "7"],
        );
        assert.equal((await attributes()).VisibilityTimeout, "30");
        assert.equal((await attributes()).ApproximateNumberOfMessages, "1");
    });

    it("cannot be set to send dead letters to nowhere", async () => {
        await start(queue("queue"));

        const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf("none"), maxReceiveCount: 1 });

        await assert.rejects(set({ RedrivePolicy }), {
            name: "InvalidParameterValue",
            message: `Value ${RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
        });
    });

    it("keep their messages while they are not declared, and are not served", async () => {
        const { sqs, client, queueUrl } = await start(queue("queue"));
        await client.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: "kept" }));

        await applyAll(sqs, [queue("other")]);
        const receive = () => client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl() }));
        await assert.rejects(receive(), { name: "QueueDoesNotExist" });
        await applyAll(sqs, [queue("other"), queue("queue")]);

        assert.equal((await receive()).Messages?.[0].Body, "kept");
    });

    it("are predicted with the URL of AWS, which is also their id", () => {
        const subject = { type: "aws:sqs/queue:Queue", name: "jobs", urn: "urn:jobs", region, account };

        const { id, outputs } = predict({ ...subject, inputs: { name: "dev-jobs" } });
        const generated = predict({ ...subject, inputs: {} });
        const ofQueue = predict({ ...subject, type: "aws:sqs/queuePolicy:QueuePolicy", inputs: { queueUrl: id } });

        const url = `https://sqs.${region}.amazonaws.com/${account}/dev-jobs`;
        assert.deepEqual([id, outputs], [url, { name: "dev-jobs", url, arn: arnOf("dev-jobs") }]);
        assert.match(String(generated.outputs.name), /^jobs-[0-9a-z]{7}$/);
        assert.equal(ofQueue.id, url);
    });
});
