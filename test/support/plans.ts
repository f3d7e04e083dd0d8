import * as path from "node:path";
import { loadPlan } from "../../plan/load";
import { readProject } from "../../plan/project";
import type { Plan, PlannedResource } from "../../plan/types";

/** This repository. */
export const projectFolder = path.resolve(__dirname, "../..");

/** The plan of this program for one of its stacks, with a client whose digest is all zeros. */
export function planOf(stack: "dev" | "prod"): Promise<Plan> {
    const project = readProject(projectFolder, stack);
    return loadPlan({ ...project, config: { ...project.config, "quartet:clients": { acme: ["0".repeat(64)] } } });
}

/** The one resource of a type and name. */
export function resource({ resources }: Plan, type: string, name: string): PlannedResource {
    const found = resources.filter((one) => one.type === type && one.name === name);
    if (found.length !== 1) {
        throw new Error(`${found.length} resources are a ${type} ${name}`);
    }
    return found[0];
}

export function resourcesOfType({ resources }: Plan, type: string): PlannedResource[] {
    return resources.filter((one) => one.type === type);
}

/** The statements of a policy document given as JSON text. */
export function statements(document: unknown): unknown[] {
    const { Version, Statement } = JSON.parse(document as string) as { Version: string; Statement: unknown[] };
    if (Version !== "2012-10-17") {
        throw new Error(`a document has version ${Version}`);
    }
    return Statement;
}
