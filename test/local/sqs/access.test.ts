import * as assert from "node:assert/strict";
import {
    ChangeMessageVisibilityBatchCommand,
    ChangeMessageVisibilityCommand,
    DeleteMessageBatchCommand,
    DeleteMessageCommand,
    GetQueueAttributesCommand,
    GetQueueUrlCommand,
    ListDeadLetterSourceQueuesCommand,
    ListMessageMoveTasksCommand,
    ListQueuesCommand,
    PurgeQueueCommand,
    ReceiveMessageCommand,
    SendMessageBatchCommand,
    SendMessageCommand,
    SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { createAuthorizer } from "../../../local/iam/authorizer";
import { createIam } from "../../../local/services/iam/iam";
import { createKms } from "../../../local/services/kms/kms";
import {
    account,
    arnOf,
    caller,
    customerKey,
    part,
    queue,
    region,
    resource,
    startSqs,
    type SqsServer,
} from "./support/sqsServer";

describe("SQS: who may do what", () => {
    let server: SqsServer;
    afterEach(() => server.close());
    const role = `arn:aws:iam::${account}:role/worker`;
    const send = () => server.client.send(new SendMessageCommand({ QueueUrl: server.queueUrl(), MessageBody: "x" }));
    const receive = () => server.client.send(new ReceiveMessageCommand({ QueueUrl: server.queueUrl() }));

    /** Starts SQS under the real rules: a role with these statements, a queue policy, and a key that lets the role do `keyActions`. */
    async function startWith(options: {
        identity?: object[];
        queuePolicy?: object[];
        key?: { actions: string[]; context?: string };
    }) {
        const iam = createIam();
        const document = (statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
        const trust = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
        await iam.apply["aws:iam/role:Role"](
            resource(
                "aws:iam/role:Role",
                "worker",
                { name: "worker", assumeRolePolicy: document(trust) },
                { arn: role, uniqueId: "AROAWORKER" },
            ),
        );
        await iam.apply["aws:iam/rolePolicy:RolePolicy"](
            resource(
                "aws:iam/rolePolicy:RolePolicy",
                "own",
                { role: "worker", policy: document(options.identity ?? []) },
                { name: "own" },
            ),
        );
        await iam.ready?.();
        const quiet = () => undefined;
        const authorizer = createAuthorizer({ account, region, roles: iam, trace: quiet, warn: quiet });
        const keys = createKms({ account, region, authorizer });
        const { actions = [], context = arnOf("queue") } = options.key ?? {};
        const policy = document([
            {
                Effect: "Allow",
                Principal: { AWS: role },
                Action: actions.length > 0 ? actions : ["kms:DescribeKey"],
                Resource: "*",
                Condition: {
                    StringEquals: {
                        "kms:ViaService": `sqs.${region}.amazonaws.com`,
                        "kms:EncryptionContext:aws:sqs:arn": context,
                    },
                },
            },
        ]);
        await keys.apply["aws:kms/key:Key"](
            resource("aws:kms/key:Key", "key", { policy }, { arn: customerKey, keyId: customerKey.split("/")[1] }),
        );
        await keys.ready?.();
        server = await startSqs({
            resources: [
                queue("queue", options.key === undefined ? {} : { kmsMasterKeyId: customerKey }),
                ...(options.queuePolicy === undefined
                    ? []
                    : [part("queuePolicy", "queue", { policy: document(options.queuePolicy) })]),
            ],
            authorizer,
            keys,
        });
    }
    const all = [{ Effect: "Allow", Action: "sqs:*", Resource: "*" }];

    const operations: [string, new (input: never) => unknown, object][] = [
        ["SendMessage", SendMessageCommand, { MessageBody: "x" }],
        ["SendMessage", SendMessageBatchCommand, { Entries: [{ Id: "a", MessageBody: "x" }] }],
        ["ReceiveMessage", ReceiveMessageCommand, {}],
        ["DeleteMessage", DeleteMessageCommand, { ReceiptHandle: "x" }],
        ["DeleteMessage", DeleteMessageBatchCommand, { Entries: [{ Id: "a", ReceiptHandle: "x" }] }],
        ["ChangeMessageVisibility", ChangeMessageVisibilityCommand, { ReceiptHandle: "x", VisibilityTimeout: 1 }],
        [
            "ChangeMessageVisibility",
            ChangeMessageVisibilityBatchCommand,
            { Entries: [{ Id: "a", ReceiptHandle: "x", VisibilityTimeout: 1 }] },
        ],
        ["GetQueueUrl", GetQueueUrlCommand, { QueueName: "queue" }],
        ["GetQueueAttributes", GetQueueAttributesCommand, {}],
        ["SetQueueAttributes", SetQueueAttributesCommand, { Attributes: {} }],
        ["ListDeadLetterSourceQueues", ListDeadLetterSourceQueuesCommand, {}],
        ["PurgeQueue", PurgeQueueCommand, {}],
        ["ListMessageMoveTasks", ListMessageMoveTasksCommand, { SourceArn: arnOf("queue") }],
        ["ListQueues", ListQueuesCommand, {}],
    ];
    it("asks for the action of each operation, on the queue, with the queue's policy", async () => {
        server = await startSqs();
        server.deny = () => true;
        for (const [action, command, input] of operations) {
            server.questions.length = 0;
            const call = new command({ QueueUrl: server.queueUrl(), ...input } as never);

            await assert.rejects(server.client.send(call as SendMessageCommand), /not authorized/);

            const [{ action: asked, resource: on, principal }] = server.questions;
            assert.deepEqual([asked, on], [`sqs:${action}`, action === "ListQueues" ? "*" : arnOf("queue")]);
            assert.deepEqual(principal, caller);
        }
    });

    it("refuses a role without a statement, with status 403 and the name AccessDenied", async () => {
        await startWith({ identity: [{ Effect: "Allow", Action: "sqs:ReceiveMessage", Resource: arnOf("queue") }] });

        const body = JSON.stringify({ QueueUrl: server.queueUrl(), MessageBody: "x" });
        const { status, headers } = await server.send("AmazonSQS.SendMessage", body);

        assert.deepEqual([status, headers.get("x-amzn-query-error")], [403, "AccessDenied;Sender"]);
        await assert.rejects(send(), /is not authorized to perform: sqs:SendMessage on resource: .*:queue because/);
        await receive();
    });

    it("takes an Allow of the queue's policy, and a Deny above all", async () => {
        const statement = { Principal: { AWS: role }, Action: "sqs:SendMessage", Resource: arnOf("queue") };
        await startWith({ queuePolicy: [{ Effect: "Allow", ...statement }] });
        await send();
        await assert.rejects(receive(), /sqs:ReceiveMessage/);
        await server.close();

        await startWith({ identity: all, queuePolicy: [{ Effect: "Deny", ...statement }] });

        await assert.rejects(send(), /with an explicit deny in a resource-based policy/);
    });

    it("asks another service of the local run as it asks a caller from outside", async () => {
        await startWith({ identity: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: arnOf("queue") }] });
        const { sqs } = server;
        const base = { queueArn: arnOf("queue"), principal: caller };
        const { signal } = new AbortController();

        await assert.rejects(sqs.receive({ ...base, max: 1, waitMs: 0, signal }), { code: "AccessDenied" });
        await assert.rejects(sqs.delete({ ...base, receiptHandles: [] }), { code: "AccessDenied" });
        await assert.rejects(sqs.changeVisibility({ ...base, receiptHandles: [], seconds: 0 }), {
            code: "AccessDenied",
        });
        await assert.rejects(sqs.delete({ ...base, queueArn: arnOf("none"), receiptHandles: [] }), {
            code: "QueueDoesNotExist",
        });
    });

    it("lets a sender and receiver through whose role may use the queue's key", async () => {
        await startWith({ identity: all, key: { actions: ["kms:GenerateDataKey", "kms:Decrypt"] } });

        await send();

        assert.equal((await receive()).Messages?.length, 1);
    });

    const keyless: [string, string[], string | undefined][] = [
        ["kms:GenerateDataKey", ["kms:Decrypt"], undefined],
        ["kms:Decrypt", ["kms:GenerateDataKey"], undefined],
        ["kms:GenerateDataKey", ["kms:GenerateDataKey", "kms:Decrypt"], arnOf("another")],
    ];
    for (const [missing, actions, context] of keyless) {
        it(`refuses a sender whose role lacks ${missing}${context ? " for this queue" : ""}`, async () => {
            await startWith({ identity: all, key: { actions, ...(context ? { context } : {}) } });

            await assert.rejects(send(), {
                name: "KmsAccessDenied",
                message: new RegExp(`not authorized to perform: ${missing} .*\\(Service: Kms, `),
            });
        });
    }

    it("refuses a receiver without kms:Decrypt, and leaves the message for others", async () => {
        server = await startSqs({ resources: [queue("queue", { kmsMasterKeyId: customerKey })] });
        await send();
        server.denyKey = ({ action }) => action === "kms:Decrypt";

        await assert.rejects(receive(), { name: "KmsAccessDenied" });

        server.denyKey = () => false;
        assert.equal((await receive()).Messages?.length, 1);
        assert.deepEqual(server.keyUses[0], {
            ...server.keyUses[0],
            keyId: customerKey,
            viaService: "sqs",
            encryptionContext: { "aws:sqs:arn": arnOf("queue") },
        });
    });

    it("asks no key for SQS's own encryption or the managed key", async () => {
        server = await startSqs({ resources: [queue("queue"), queue("managed", { kmsMasterKeyId: "alias/aws/sqs" })] });
        server.denyKey = () => true;

        await send();
        await server.client.send(new SendMessageCommand({ QueueUrl: server.queueUrl("managed"), MessageBody: "x" }));

        assert.deepEqual(server.keyUses, []);
    });
});
