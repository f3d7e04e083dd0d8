import * as pulumi from "@pulumi/pulumi";
import { accesses } from "../../../bootstrap/accessPolicies";
import { scopeOf } from "../../../bootstrap/scope";
import { configAsText } from "../../../plan/project";
import { bootstrapProject } from "./bootstrapPlan";

/** Types of resources of the program that the bootstrap lets somebody read and deploy. */
export function coveredTypes(): string[] {
    const before = pulumi.runtime.allConfig();
    pulumi.runtime.setAllConfig(configAsText(bootstrapProject("main").config));
    try {
        return accesses(scopeOf("dev")).flatMap(({ types }) => types);
    } finally {
        pulumi.runtime.setAllConfig(before);
    }
}
