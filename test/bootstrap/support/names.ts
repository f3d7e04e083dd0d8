import { account, region } from "./bootstrapPlan";

// What the documents of the bootstrap's roles name, in the account and region of its test plans.

export function arn(service: string, id: string): string {
    return `arn:aws:${service}:${region}:${account}:${id}`;
}

/** ARN of a role. */
export function role(name: string): string {
    return `arn:aws:iam::${account}:role/${name}`;
}

/** ARN of an environment's permissions boundary. */
export function boundary(environment: string): string {
    return `arn:aws:iam::${account}:policy/quartet-bootstrap-main-boundary-${environment}`;
}

/** ARN of the bucket with the state. */
export const state = `arn:aws:s3:::quartet-bootstrap-main-state-${account}`;

/** Keys of a request about something with the tags that the program gives everything. */
export function tags(kind: "ResourceTag" | "RequestTag", env: string, project = "quartet"): Record<string, string> {
    return { [`aws:${kind}/project`]: project, [`aws:${kind}/env`]: env };
}
