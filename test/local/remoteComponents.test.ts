import * as assert from "node:assert/strict";
import type * as http from "node:http";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { applyPlan } from "../../local/apply";
import { createConsole } from "../../local/console";
import type { Plan, PlannedResource } from "../../plan/types";
import { resource } from "../support/plans";
import { planOfProgram } from "../components/support/evaluate";

describe("the local run of a program with remote components", () => {
    let plan: Plan;
    before(async () => {
        plan = await planOfProgram(() => {
            const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
            const vpc = new awsx.ec2.Vpc("net", { availabilityZoneNames: ["eu-west-1a", "eu-west-1b"] }, { parent });
            const { repositoryUrl } = new aws.ecr.Repository("images");
            const { imageUri } = new awsx.ecr.Image("image", { repositoryUrl });
            new aws.sqs.Queue("queue", { tags: { imageUri, vpcId: vpc.vpcId } });
        });
    });

    it("applies what it serves, with their predicted outputs, and lists them as declared only", async () => {
        const applied: PlannedResource[] = [];
        const queues = { apply: { "aws:sqs/queue:Queue": (queue: PlannedResource) => void applied.push(queue) } };

        const declared = await applyPlan(plan, [queues]);

        assert.deepEqual(declared, { "awsx:ec2:Vpc": 1, "aws:ecr/repository:Repository": 1, "awsx:ecr:Image": 1 });
        assert.deepEqual(
            applied.map(({ inputs }) => inputs.tags),
            [
                {
                    imageUri: resource(plan, "awsx:ecr:Image", "image").outputs.imageUri,
                    vpcId: resource(plan, "awsx:ec2:Vpc", "net").outputs.vpcId,
                },
            ],
        );
    });

    it("stops at a remote component that is neither served nor declared only, but at no component of the program", async () => {
        const resources = plan.resources
            .filter(({ type }) => type !== "aws:sqs/queue:Queue")
            .map((one) => (one.type === "awsx:ec2:Vpc" ? { ...one, type: "other:index:Thing" } : one));

        await assert.rejects(applyPlan({ ...plan, resources }, []), {
            message: "The local run does not support other:index:Thing (net).",
        });
    });

    it("shows them in the console, and not the components of the program", () => {
        const page = consolePage(plan);

        assert.ok(page.includes("<td>awsx:ec2:Vpc</td><td>net</td>"), page);
        assert.ok(page.includes("<td>awsx:ecr:Image</td><td>image</td>"), page);
        assert.ok(!page.includes("test:index:Parent"), page);
    });
});

function consolePage(plan: Plan): string {
    const trace = { recent: () => [] } as unknown as Parameters<typeof createConsole>[0]["trace"];
    const show = createConsole({ plan, trace, localiseAll: (value) => value });
    let page = "";
    const response = { writeHead: () => response, end: (text: string) => (page = text) };
    void show(
        { method: "GET", headers: { host: "127.0.0.1:4100" } } as http.IncomingMessage,
        response as unknown as http.ServerResponse,
    );
    return page;
}
