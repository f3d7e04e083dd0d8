import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { loadPlan } from "../plan/load";
import { readProject } from "../plan/project";
import type { Plan, PlannedResource } from "../plan/types";
import { startPack, type PackServer } from "../tools/policy/packServer";
import { resourceRequests, stackRequest } from "../tools/policy/requests";

/** What the policy pack adds to a preview, in milliseconds. */
export interface PolicyFigures {
    /** From the start of its process until it serves. */
    readonly startMs: number;
    /** Of the smallest pack there is: one rule, in TypeScript that Pulumi type-checks at its start. */
    readonly peerStartMs: number;
    /** All questions about our program's prod stack. */
    readonly judgeMs: number;
    /** All questions about stacks of these numbers of resources, made of copies of ours. */
    readonly scaled: readonly { readonly resources: number; readonly ms: number }[];
}

/** Measures the policy pack once. */
export async function policyFigures(sizes: readonly number[]): Promise<PolicyFigures> {
    const folder = path.dirname(__dirname);
    const project = readProject(folder, "prod");
    const plan = await loadPlan(project);
    const peer = await timed(() => startPack(peerPack(folder), project));
    peer.result.close();
    const pack = await timed(() => startPack(path.join(folder, "policy"), project));
    try {
        await judgeMs(pack.result, plan);
        const ownMs = await judgeMs(pack.result, plan);
        const scaled: { resources: number; ms: number }[] = [];
        for (const resources of sizes) {
            scaled.push({ resources, ms: await judgeMs(pack.result, copies(plan, resources)) });
        }
        return { startMs: pack.ms, peerStartMs: peer.ms, judgeMs: ownMs, scaled };
    } finally {
        pack.result.close();
    }
}

async function judgeMs(pack: PackServer, plan: Plan): Promise<number> {
    const { ms } = await timed(async () => {
        await Promise.all(resourceRequests(plan).map((request) => pack.analyze(request)));
        await pack.analyzeStack(stackRequest(plan));
    });
    return ms;
}

async function timed<T>(action: () => Promise<T>): Promise<{ result: T; ms: number }> {
    const start = performance.now();
    const result = await action();
    return { result, ms: performance.now() - start };
}

/** A plan with copies of its resources, each under names of its own, so that joins find as much as in a real stack. */
function copies(plan: Plan, count: number): Plan {
    const resources = Array.from({ length: count }, (_, index): PlannedResource => {
        const copy = Math.floor(index / plan.resources.length);
        const text = JSON.stringify(plan.resources[index % plan.resources.length]);
        const renamed = text.replaceAll(`${plan.project}-${plan.stack}-`, `${plan.project}${copy}-${plan.stack}-`);
        return JSON.parse(renamed) as PlannedResource;
    });
    return { ...plan, resources: resources.map((each, index) => ({ ...each, urn: `${each.urn}-${index}` })) };
}

function peerPack(folder: string): string {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-peer-pack-"));
    fs.writeFileSync(path.join(home, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    fs.writeFileSync(path.join(home, "package.json"), '{"version":"1.0.0","main":"index.ts"}');
    fs.symlinkSync(path.join(folder, "node_modules"), path.join(home, "node_modules"));
    fs.writeFileSync(
        path.join(home, "index.ts"),
        `import * as aws from "@pulumi/aws";
import { PolicyPack, validateResourceOfType } from "@pulumi/policy";
new PolicyPack("peer", {
    policies: [{
        name: "sqs-encryption",
        description: "Queues are encrypted.",
        enforcementLevel: "mandatory",
        validateResource: validateResourceOfType(aws.sqs.Queue, (queue, args, report) => {
            if (queue.sqsManagedSseEnabled === false) report("not encrypted");
        }),
    }],
});
`,
    );
    return home;
}
