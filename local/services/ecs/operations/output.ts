import { apiTime, describeTask } from "../description";
import { clusterNotFound } from "../errors";
import { optionalText } from "../input";
import type { EcsRequest } from "../environment";
import type { Found } from "../registry";
import type { Cluster, Task } from "../types";

/** A task in an answer of the API. */
export function taskOutput(task: Task, withTags: boolean): object {
    return { ...describeTask(task, apiTime), attributes: [], tags: withTags ? tagList(task.tags) : [] };
}

export function tagList(tags: Readonly<Record<string, string>>): { key: string; value: string }[] {
    return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** Whether the answer has tags: `include` names them. */
export function wantsTags({ input }: EcsRequest): boolean {
    return Array.isArray(input.include) && input.include.includes("TAGS");
}

/** The cluster that a request names, and the condition key that policies know it by. */
export function clusterOf({ environment, input }: EcsRequest): Found<Cluster> & { context: Record<string, string> } {
    const cluster = environment.registry.cluster(optionalText(input, "cluster"));
    return { ...cluster, context: { "ecs:cluster": cluster.arn } };
}

/** @throws ClusterNotFoundException */
export function existing({ found }: Found<Cluster>): Cluster {
    if (found === undefined) throw clusterNotFound();
    return found;
}

/** The ARN of a task, a service or the like that a request names by ARN or by its last part. */
export function arnIn(clusterArn: string, kind: string, idOrArn: string): string {
    if (idOrArn.startsWith("arn:")) return idOrArn;
    const [prefix, name] = clusterArn.split(":cluster/");
    return `${prefix}:${kind}/${name}/${idOrArn}`;
}
