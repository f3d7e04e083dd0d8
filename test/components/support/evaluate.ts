import { evaluate } from "../../../plan/evaluate";
import { configAsText, readProject } from "../../../plan/project";
import type { Plan } from "../../../plan/types";
import { projectFolder } from "../../support/plans";

/** The plan of a few resources, with the config of dev. */
export function planOfProgram(program: () => void, config: Record<string, unknown> = {}): Promise<Plan> {
    const project = readProject(projectFolder, "dev");
    return evaluate({
        project: project.name,
        stack: "dev",
        config: configAsText({ ...project.config, ...config }),
        program: () => {
            program();
            return {};
        },
    });
}
