/** A resource as the program declared it, with what AWS would answer. All values are plain data: no Outputs, no secrets' wrappers. */
export interface PlannedResource {
    readonly urn: string;
    /** Pulumi's type token, e.g. `aws:s3/bucket:Bucket`. */
    readonly type: string;
    /** The name given in the program, e.g. `events-bucket`. */
    readonly name: string;
    /** URN of the parent; absent for the stack's own children. */
    readonly parent?: string;
    /** False for a component, which exists in Pulumi only. */
    readonly custom: boolean;
    /**
     * True for a component that a plugin makes, such as `awsx:ec2:Vpc`; absent otherwise. A plan has its inputs and predicted
     * outputs, but none of its children: only the plugin knows them, and neither what they are nor what a `transforms`
     * option changes about them can be seen here.
     */
    readonly remote?: true;
    readonly inputs: Readonly<Record<string, unknown>>;
    /** The physical id that other resources receive; empty for a component. */
    readonly id: string;
    /** Inputs and predicted outputs (arn, invokeArn, …) in one. */
    readonly outputs: Readonly<Record<string, unknown>>;
    /** URNs this resource waits for: explicit `dependsOn` and those its inputs come from. */
    readonly dependsOn: readonly string[];
    /** `protect` of the resource options. */
    readonly protect: boolean;
}

/** A file inside an archive input, e.g. the `index.js` of a function. Stands in the plan where the program had an asset. */
export interface PlannedFile {
    /** Absolute path of the file. */
    readonly file: string;
    readonly sha256: string;
    readonly bytes: number;
}

/** What `code` of a function looks like in a plan. */
export interface PlannedArchive {
    readonly archive: Readonly<Record<string, PlannedFile>>;
}

/** The whole program for one stack, evaluated without an engine. */
export interface Plan {
    readonly project: string;
    readonly stack: string;
    readonly region: string;
    readonly account: string;
    /** In the order of registration: a resource comes after those it depends on. */
    readonly resources: readonly PlannedResource[];
    /** The stack's outputs. */
    readonly outputs: Readonly<Record<string, unknown>>;
    /** Names of the outputs that are secret. */
    readonly secretOutputs: readonly string[];
}
