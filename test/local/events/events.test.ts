import * as assert from "node:assert/strict";
import { createEvents, type Events } from "../../../local/services/events/events";
import type { PlannedResource } from "../../../plan/types";
import { predict } from "../../../plan/outputs/predict";
import { ACCOUNT, createHarness, planned, REGION, type Harness } from "../lambda/support/harness";
import { until } from "../sqs/support/sqsServer";
import { manualClock, type ManualClock } from "./support/clock";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:worker`;
const ruleArn = (name: string) => `arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`;

/** A resource with the outputs that a plan predicts. */
function predicted(type: string, name: string, inputs: Record<string, unknown>): PlannedResource {
    const resource = planned(type, name, inputs);
    const { id, outputs } = predict({ ...resource, region: REGION, account: ACCOUNT });
    return { ...resource, id, outputs: { ...inputs, ...outputs } };
}

describe("EventBridge: rules", () => {
    let harness: Harness;
    let clock: ManualClock;
    let events: Events;
    let printed: string[];

    beforeEach(async () => {
        printed = [];
        harness = createHarness();
        await harness.declare(
            "worker",
            'exports.handler = async (event) => console.log("GOT " + JSON.stringify(event))',
        );
        clock = manualClock("2026-06-01T10:00:30.500Z");
        const print = (line: string) => void printed.push(line);
        events = createEvents({ account: ACCOUNT, region: REGION, lambda: harness.lambda, print, clock });
    });
    afterEach(async () => {
        await events.close();
        await harness.close();
    });

    const rule = (name: string, inputs: Record<string, unknown>) =>
        events.apply[RULE](predicted(RULE, name, { name, ...inputs }));
    const target = (of: string, inputs: Record<string, unknown> = {}) =>
        events.apply[TARGET](predicted(TARGET, "target", { rule: of, arn: FUNCTION, targetId: "function", ...inputs }));
    /** Declares one rule with one target, and begins. */
    const start = async (inputs: Record<string, unknown>, targetInputs?: Record<string, unknown>) => {
        await rule("tick", inputs);
        await target("tick", targetInputs);
        await events.ready?.();
    };
    const got = async (count: number) => {
        const lines = () => (harness.logged.get("/aws/lambda/worker") ?? []).filter((line) => line.includes("GOT "));
        await until(`${count} events`, () => lines().length >= count);
        return lines().map((line) => JSON.parse(line.slice(line.indexOf("GOT ") + 4)) as Record<string, unknown>);
    };
    const ecs = { source: "aws.ecs", "detail-type": "ECS Task State Change" };

    it("send a scheduled event at each period of a rate, counted from the start of the run", async () => {
        await start({ scheduleExpression: "rate(5 minutes)" });
        clock.pass(299_999);
        const early = harness.asked.length;
        clock.pass(300_001);

        const [{ id, ...first }, second] = await got(2);

        assert.equal(early, 0);
        assert.deepEqual(first, {
            version: "0",
            "detail-type": "Scheduled Event",
            source: "aws.events",
            account: ACCOUNT,
            time: "2026-06-01T10:05:30Z",
            region: REGION,
            resources: [ruleArn("tick")],
            detail: {},
        });
        assert.match(String(id), /^[0-9a-f-]{36}$/);
        assert.equal(second.time, "2026-06-01T10:10:30Z");
        assert.notEqual(second.id, id);
    });

    it("send a scheduled event at the minutes of a cron expression", async () => {
        await start({ scheduleExpression: "cron(0/30 * * * ? *)" });
        clock.pass(3_600_000);

        assert.deepEqual(
            (await got(2)).map(({ time }) => time),
            ["2026-06-01T10:30:00Z", "2026-06-01T11:00:00Z"],
        );
        assert.equal(clock.waiting, 1);
    });

    it("make up for no time that was missed while the machine slept", async () => {
        await start({ scheduleExpression: "cron(0 * * * ? *)" });
        clock.jump(5 * 3_600_000);
        clock.pass(3_600_000);

        assert.deepEqual(
            (await got(1)).map(({ time }) => time),
            ["2026-06-01T16:00:00Z"],
        );
    });

    it("act as EventBridge with the rule as source, so that the function's policy decides", async () => {
        harness.allow = ({ action }) => action !== "lambda:InvokeFunction";
        await start({ scheduleExpression: "rate(1 minute)" });
        clock.pass(180_000);

        assert.equal(harness.asked.length, 3);
        const [{ principal, resource, context }] = harness.asked;
        assert.deepEqual(principal, { type: "service", service: "events.amazonaws.com" });
        assert.equal(resource, FUNCTION);
        assert.deepEqual(context, { "aws:SourceArn": ruleArn("tick"), "aws:SourceAccount": ACCOUNT });
        assert.equal(printed.length, 1);
        assert.match(
            printed[0],
            /^The rule tick did not reach .*:worker: not authorized to perform: lambda:InvokeFunction/,
        );
    });

    it("send the target's input in the event's place", async () => {
        await start({ scheduleExpression: "rate(1 minute)" }, { input: '{"mine":true}' });
        clock.pass(60_000);

        assert.deepEqual(await got(1), [{ mine: true }]);
    });

    it("send an event that matches their pattern, whole, and no other", async () => {
        await start({ eventPattern: JSON.stringify({ source: ["aws.ecs"], detail: { lastStatus: ["STOPPED"] } }) });

        events.putEvent({ ...ecs, detail: { lastStatus: "RUNNING" } });
        events.putEvent({ ...ecs, source: "aws.ec2", detail: { lastStatus: "STOPPED" } });
        events.putEvent({ ...ecs, detail: { lastStatus: "STOPPED" }, resources: ["arn:aws:ecs:task"] });

        const [{ id, ...event }, ...more] = await got(1);
        assert.deepEqual(event, {
            ...ecs,
            version: "0",
            account: ACCOUNT,
            time: "2026-06-01T10:00:30Z",
            region: REGION,
            resources: ["arn:aws:ecs:task"],
            detail: { lastStatus: "STOPPED" },
        });
        assert.equal(typeof id, "string");
        assert.deepEqual(more, []);
        assert.equal(harness.asked.filter(({ action }) => action === "lambda:InvokeFunction").length, 1);
    });

    it("send the part that inputPath names", async () => {
        await start({ eventPattern: '{"source":["aws.ecs"]}' }, { inputPath: "$.detail.containers[1]" });
        events.putEvent({ ...ecs, detail: { containers: [{ name: "a" }, { name: "b" }] } });

        assert.deepEqual(await got(1), [{ name: "b" }]);
    });

    it("send what an input transformer makes of the event", async () => {
        const inputTransformer = {
            inputPaths: { task: "$.detail.taskArn", codes: "$.detail.containers[*].exitCode", none: "$.detail.none" },
            inputTemplate:
                '{"task": <task>, "codes": <codes>, "text": "<task> \\"ended\\" with <codes><none>", "rule": "<aws.events.rule-name>", "at": <aws.events.event.ingestion-time>, "event": <aws.events.event.json>}',
        };
        await start({ eventPattern: '{"source":["aws.ecs"]}' }, { inputTransformer });
        const detail = { taskArn: 'a"b', containers: [{ exitCode: 1 }, {}, { exitCode: 0 }] };
        events.putEvent({ ...ecs, detail });

        const [{ event, ...input }] = await got(1);
        assert.deepEqual(input, {
            task: 'a"b',
            codes: [1, 0],
            text: 'a"b "ended" with [1,0]',
            rule: "tick",
            at: "2026-06-01T10:00:30.500Z",
        });
        assert.deepEqual((event as { detail: unknown }).detail, detail);
    });

    it("tell the user when a template makes no JSON of an event, and send nothing", async () => {
        const inputTransformer = { inputPaths: { none: "$.none" }, inputTemplate: '{"x": <none>}' };
        await start({ eventPattern: '{"source":["aws.ecs"]}' }, { inputTransformer });
        events.putEvent({ ...ecs, detail: { secret: "s" } });

        assert.deepEqual(printed, [
            `The rule tick did not reach ${FUNCTION}: the input transformer's template makes no JSON of the event`,
        ]);
        assert.equal(harness.asked.length, 0);
    });

    it("do nothing while disabled, in either form, nor when they are no longer declared, nor after the end", async () => {
        const often = { scheduleExpression: "rate(1 minute)", eventPattern: '{"source":["aws.ecs"]}' };
        for (const [name, inputs] of Object.entries({ one: { state: "DISABLED" }, two: { isEnabled: false } })) {
            await rule(name, { ...often, ...inputs });
            await target(name);
        }
        await events.ready?.();
        const disabled = clock.waiting;
        await start(often);
        const enabled = clock.waiting;
        await events.ready?.();
        const undeclared = clock.waiting;
        await start(often);
        await events.close();

        clock.pass(600_000);
        events.putEvent({ ...ecs, detail: {} });

        assert.deepEqual([disabled, enabled, undeclared, clock.waiting], [0, 1, 0, 0]);
        assert.equal(harness.asked.length, 0);
    });

    it("are refused when EventBridge or the local run does not take them", async () => {
        const rules: [Record<string, unknown>, RegExp][] = [
            [{}, /Parameter\(s\) EventPattern or ScheduleExpression must be specified/],
            [{ scheduleExpression: "rate(1 minutes)" }, /Parameter ScheduleExpression is not valid/],
            [{ eventPattern: '{"source":"x"}' }, /Event pattern is not valid/],
            [{ scheduleExpression: "rate(1 minute)", eventBusName: "own" }, /event bus default, not own/],
        ];
        for (const [inputs, message] of rules) {
            assert.throws(() => rule("wrong", inputs), message);
        }
        await rule("tick", { scheduleExpression: "rate(1 minute)" });
        const targets: [Record<string, unknown>, RegExp][] = [
            [{ rule: "none" }, /Rule none does not exist on EventBus default/],
            [{ arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:queue` }, /sends events to functions/],
            [{ input: "{" }, /JSON syntax error in input for target function/],
            [{ input: "{}", inputPath: "$" }, /Only one of Input, InputPath, or InputTransformer/],
            [{ inputPath: "detail" }, /Invalid JSONPath detail/],
            [{ inputTransformer: { inputTemplate: '"<constructor>"' } }, /placeholder constructor/],
        ];
        for (const [inputs, message] of targets) {
            assert.throws(() => target("tick", inputs), message);
        }
    });

    it("have the ARNs and ids that AWS gives them", () => {
        const tick = predicted(RULE, "tick-rule", { name: "tick", scheduleExpression: "rate(1 minute)" });
        const { id } = predicted(TARGET, "tick-target", { rule: "tick", arn: FUNCTION, targetId: "function" });

        assert.equal(tick.id, "tick");
        assert.equal(tick.outputs.arn, "arn:aws:events:us-east-1:123456789012:rule/tick");
        assert.equal(id, "tick-function");
    });
});
