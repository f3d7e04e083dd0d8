import * as fs from "node:fs";
import * as path from "node:path";
import * as esbuild from "esbuild";
import type { StartOptions } from "../../../../local/start";
import type { Plan } from "../../../../plan/types";
import { copyProject } from "../../../support/projectCopy";
import { FAULTS_FILE, PROGRAM_FILE, type Faults } from "./faultyProgram";
import { startStack, type Stack } from "./stack";

/** The containers of a stack, in which things go wrong when a test wants it. */
export interface Containers {
    /** The project's folder: a copy, in which another program stands in the place of the container's. */
    readonly folder: string;
    /** What goes wrong in containers that start from now on; nothing without an argument. */
    fail(faults?: Faults): void;
    /** Does something while there is no image. */
    withoutImage<T>(action: () => Promise<T>): Promise<T>;
}

/** Starts a stack whose containers can be made to fail. Nothing in the program or in the local run knows of it. */
export async function startFaultyStack(
    options: Partial<StartOptions> = {},
): Promise<{ readonly stack: Stack; readonly containers: Containers }> {
    const folder = (copy ??= copyProject("quartet"));
    const stack = await startStack({ folder, ...options });
    const entry = path.join(folder, entryOf(stack.run.plan));
    const beside = (name: string) => path.join(path.dirname(entry), name);
    // A container may start at any time: what it reads is whole at each moment.
    const write = (file: string, text: string) => {
        fs.writeFileSync(`${file}.new`, text);
        fs.renameSync(`${file}.new`, file);
    };
    const fail: Containers["fail"] = (faults = NO_FAULTS) => write(beside(FAULTS_FILE), JSON.stringify(faults));
    fail();
    const wrapper = faultyProgram();
    // Stacks may have the same program, and the evaluation of each writes it.
    if (fs.readFileSync(entry, "utf8") !== wrapper) {
        fs.copyFileSync(entry, beside(PROGRAM_FILE));
        write(entry, wrapper);
    }
    const containers: Containers = {
        folder,
        fail,
        async withoutImage(action) {
            fs.renameSync(entry, `${entry}.away`);
            try {
                return await action();
            } finally {
                fs.renameSync(`${entry}.away`, entry);
            }
        },
    };
    return { stack, containers };
}

export const NO_FAULTS: Faults = { faults: [], percent: 0 };

/** One for all tests of this process: to evaluate its program takes longer than most of them. */
let copy: string | undefined;
process.once("exit", () => copy && fs.rmSync(path.dirname(copy), { recursive: true }));

/** The file that the local run starts in the place of an image. */
function entryOf({ resources }: Plan): string {
    const definition = resources.find(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition")!;
    const [container] = JSON.parse(definition.inputs.containerDefinitions as string);
    return container.dockerLabels["quartet.local.entry"] as string;
}

function faultyProgram(): string {
    const source = fs.readFileSync(path.join(__dirname, "faultyProgram.ts"), "utf8");
    return esbuild.transformSync(source, { loader: "ts", format: "cjs", target: "node20" }).code;
}
