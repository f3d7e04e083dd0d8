import { actionChecks } from "./actionChecks";
import { deploymentChecks } from "./deploymentChecks";
import { permissionChecks } from "./permissionChecks";
import { secretChecks } from "./secretChecks";
import type { WorkflowFile } from "./workflow";

/** Finds what is wrong with a file, as sentences. */
export type Check = (file: WorkflowFile) => string[];

/** What every workflow and action must keep, by name. */
export const CHECKS = {
    ...actionChecks,
    ...permissionChecks,
    ...secretChecks,
    ...deploymentChecks,
} as const satisfies Record<string, Check>;
