import * as pulumi from "@pulumi/pulumi";
import { namesOf, stackNames, type Names } from "../components/support/names";
import type { Statement } from "../components/support/policy";

/** What belongs to one stack of the project: how its things are named and tagged. */
export interface Scope {
    /** The stack, which is also a GitHub environment. */
    readonly environment: string;
    /** `<project>-<stack>`, with which names of the stack begin. */
    readonly prefix: string;
    /** The same in names of databases of Glue, which have no hyphens. */
    readonly databasePrefix: string;
    readonly names: Names;
    /** Condition on what exists: it has the stack's tags, which `aws:defaultTags` of its config give everything. */
    readonly own: NonNullable<Statement["Condition"]>;
    /** Condition on what is being made: it gets the stack's tags. */
    readonly made: NonNullable<Statement["Condition"]>;
    /** Condition on what gets the stack's tags and belongs to no stack yet: nobody takes another stack's things by tagging. */
    readonly claimed: NonNullable<Statement["Condition"]>;
    /** ARN of the policy that bounds what roles of the stack may do. */
    readonly boundaryArn: string;
}

/** The scope of one stack of the project that the bootstrap is for, in the bootstrap's account and region. */
export function scopeOf(environment: string): Scope {
    const own = stackNames();
    const project = deployedProject();
    const prefix = `${project}-${environment}`;
    const tags = (key: string) => ({ [`aws:${key}/project`]: project, [`aws:${key}/env`]: environment });
    return {
        environment,
        prefix,
        databasePrefix: prefix.replace(/-/g, "_"),
        names: namesOf(prefix, own.region, own.account),
        own: { StringEquals: tags("ResourceTag") },
        made: { StringEquals: tags("RequestTag") },
        claimed: {
            StringEquals: tags("RequestTag"),
            Null: Object.fromEntries(Object.keys(tags("ResourceTag")).map((key) => [key, "true"])),
        },
        boundaryArn: own.globalArn("iam", `policy/${own.physical(`boundary-${environment}`)}`),
    };
}

/** The project that the bootstrap is for. */
export function deployedProject(): string {
    return pulumi.getProject().replace(/-bootstrap$/, "");
}
