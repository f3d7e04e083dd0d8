import type { Rule } from "../../support/rule";
import { isSet, textOf, textsOf } from "../../support/values";

export const rule: Rule = {
    id: "ecs-fargate-platform-latest",
    title: "Fargate tasks run on the latest platform version.",
    why: "Older platforms get no more security updates of their kernel and runtime.",
    mend: "Leave platformVersion out or set it to LATEST.",
    sources: ["Security Hub ECS.10", "checkov CKV_AWS_332"],
    severity: "low",
    levels: { dev: "advisory", prod: "advisory" },
    types: ["aws:ecs/service:Service", "aws:ecs/taskSet:TaskSet"],
    options: {
        versions: {
            what: "Platform versions that are current",
            schema: { type: "array", items: { type: "string" } },
            dev: ["LATEST", "1.4.0"],
            prod: ["LATEST", "1.4.0"],
        },
    },
    *check({ props }, { versions }) {
        if (!isSet(props, "platformVersion")) {
            return;
        }
        const version = textOf(props.platformVersion) ?? "";
        if (!textsOf(versions).includes(version)) {
            yield { fault: `runs on platform version ${version} of Fargate` };
        }
    },
};
