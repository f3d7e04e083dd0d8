import * as assert from "node:assert/strict";
import { HANGS, stopReason, type StoppedTask } from "../../../handlers/orderService/stopReasons";

const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/quartet-orders-image@sha256:0123";
const exited = { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" };

describe("the reason for an order whose task stopped", () => {
    const cases: Record<string, readonly (StoppedTask & { readonly what: string })[]> = {
        "The container ended with exit code 3": [
            { what: "an exit code", ...exited, containers: [{ exitCode: 3 }] },
            {
                what: "the exit code of its second container",
                ...exited,
                containers: [{ exitCode: 0 }, { exitCode: 3 }],
            },
        ],
        "The container ended with exit code 137": [
            { what: "the exit code of a kill alone", ...exited, containers: [{ exitCode: 137 }] },
        ],
        "The container ended without a result": [
            { what: "exit code 0", ...exited, containers: [{ exitCode: 0 }] },
            { what: "no exit code", ...exited, containers: [{}] },
            { what: "nothing at all" },
        ],
        "The container ran out of memory": [
            {
                ...{ what: "OutOfMemoryError", ...exited },
                containers: [{ exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" }],
            },
        ],
        "There was no capacity to run the container": [
            {
                what: "no capacity",
                stopCode: "TaskFailedToStart",
                stoppedReason:
                    "Capacity is unavailable at this time. Please try again later or in a different availability zone",
            },
        ],
        "The container's image could not be pulled": [
            {
                what: "CannotPullContainerError",
                stopCode: "TaskFailedToStart",
                stoppedReason: `CannotPullContainerError: pull image manifest has been retried 1 time(s): ${image}: not found`,
            },
            {
                what: "CannotPullImageManifestError of a container",
                ...{ stopCode: "TaskFailedToStart", stoppedReason: "Task failed to start" },
                containers: [{ reason: `CannotPullImageManifestError: ${image}` }],
            },
            {
                what: "no access to the registry",
                stopCode: "TaskFailedToStart",
                stoppedReason: "ResourceInitializationError: unable to pull secrets or registry auth: i/o timeout",
            },
        ],
        "The container could not be started": [
            {
                what: "no log stream",
                stopCode: "TaskFailedToStart",
                stoppedReason: "ResourceInitializationError: failed to validate logger args: create stream",
            },
            {
                what: "a program that is not in the image",
                ...{ stopCode: "TaskFailedToStart", stoppedReason: "Task failed to start" },
                containers: [{ reason: `CannotStartContainerError: failed to create a task of the image ${image}` }],
            },
        ],
        "The container hung": [
            {
                what: "a health check",
                stopCode: "ServiceSchedulerInitiated",
                stoppedReason: "Task failed container health checks",
            },
            { what: "the sweep", stopCode: "UserInitiated", stoppedReason: HANGS },
        ],
        "The container was stopped by somebody": [
            {
                ...{ what: "StopTask", stopCode: "UserInitiated", stoppedReason: "Task stopped by user" },
                containers: [{ exitCode: 143 }],
            },
        ],
        "The container was stopped, since it was no longer needed": [
            {
                ...{ what: "a service that shrinks", stopCode: "ServiceSchedulerInitiated" },
                stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1234567890123456789)",
            },
        ],
        "The container was ended by the platform it ran on": [
            { what: "an interruption", stopCode: "SpotInterruption", stoppedReason: "Your Spot Task was interrupted." },
            { what: "maintenance", stopCode: "TerminationNotice", stoppedReason: "ECS is performing maintenance" },
        ],
    };
    for (const [reason, tasks] of Object.entries(cases)) {
        for (const { what, ...task } of tasks) {
            it(`by ${what} is: ${reason}`, () => {
                assert.equal(stopReason(task), reason);
            });
        }
    }
});
