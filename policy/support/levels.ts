import type { JudgedStack } from "./rule";

/** Whose levels and options a stack gets: a stack that nobody wrote levels for is judged as strictly as production. */
export function levelsOf(stack: string): JudgedStack {
    return stack === "dev" ? "dev" : "prod";
}
