import * as pulumi from "@pulumi/pulumi";

/** A resource as previews and exported states of the engine hold it. */
export interface EngineResource {
    readonly urn: string;
    readonly type: string;
    readonly custom?: boolean;
    readonly parent?: string;
    readonly protect?: boolean;
    readonly inputs?: Readonly<Record<string, any>>;
    readonly dependencies?: readonly string[];
}

/** The steps that the output of `pulumi preview --json` proposes. */
export function previewedSteps(json: string): { op: string; newState: EngineResource }[] {
    return JSON.parse(json).steps;
}

/** The program's resources in the output of `pulumi stack export`; those that the engine adds itself are left out. */
export function deployedResources(json: string): EngineResource[] {
    const { resources } = JSON.parse(json).deployment as { resources: EngineResource[] };
    return resources.filter(({ type }) => !type.startsWith("pulumi:"));
}

/** Inputs as a plan has them: of an archive the SHA-256 of each of its files, by name; a secret, if it is readable, as its value. */
export function comparable(value: any): unknown {
    if (typeof value !== "object" || value === null) {
        return value;
    }
    if (Array.isArray(value)) {
        return value.map(comparable);
    }
    if (typeof value.plaintext === "string" && pulumi.runtime.specialSigKey in value) {
        return comparable(JSON.parse(value.plaintext));
    }
    const files = value.assets ?? value.archive;
    return Object.fromEntries(
        files
            ? Object.entries<any>(files).map(([name, { hash, sha256 }]) => [name, hash ?? sha256])
            : Object.entries(value).map(([key, item]) => [key, comparable(item)]),
    );
}
