import * as fs from "node:fs";
import * as path from "node:path";
import * as pb from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Project } from "../../../plan/project";
import type { Plan } from "../../../plan/types";
import { startPack } from "../../../tools/policy/packServer";
import { resourceRequests, stackRequest } from "../../../tools/policy/requests";
import { projectFolder } from "../../support/plans";
import { bootstrapFolder } from "./bootstrapPlan";

/** Config of a pack, as `--policy-pack-config` takes it. */
export type PackConfig = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What `--policy-pack-config bootstrap/policy.json` says. */
export function bootstrapPackConfig(): PackConfig {
    return JSON.parse(fs.readFileSync(path.join(bootstrapFolder, "policy.json"), "utf8")) as PackConfig;
}

export interface PackFinding {
    readonly level: "mandatory" | "advisory";
    readonly rule: string;
    readonly resource: string;
    readonly message: string;
}

/** All that the pack finds in a plan, with a config over its own, as an engine lays one over the other. */
export async function packFindings(project: Project, plan: Plan, config: PackConfig): Promise<PackFinding[]> {
    const pack = await startPack(path.join(projectFolder, "policy"), project);
    try {
        const policies = new Map<string, pb.PolicyConfig>();
        (await pack.info()).getInitialconfigMap().forEach((policy, id) => policies.set(id, policy));
        for (const [id, { enforcementLevel, ...options }] of Object.entries(config)) {
            const policy = policies.get(id) ?? new pb.PolicyConfig();
            if (enforcementLevel === "advisory") {
                policy.setEnforcementlevel(pb.EnforcementLevel.ADVISORY);
            }
            const before = policy.getProperties()?.toJavaScript() ?? {};
            policies.set(id, policy.setProperties(Struct.fromJavaScript({ ...before, ...options } as never)));
        }
        await pack.configure(policies);
        const ofResources = await Promise.all(resourceRequests(plan).map((request) => pack.analyze(request)));
        return [...ofResources.flat(), ...(await pack.analyzeStack(stackRequest(plan)))].map((diagnostic) => ({
            level: diagnostic.getEnforcementlevel() === pb.EnforcementLevel.MANDATORY ? "mandatory" : "advisory",
            rule: diagnostic.getPolicyname(),
            resource: diagnostic.getUrn().split("::").at(-1) ?? "",
            message: diagnostic.getMessage(),
        }));
    } finally {
        pack.close();
    }
}
