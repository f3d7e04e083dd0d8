import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedArchive, PlannedFile } from "./types";

/** A resource's inputs as plain data: secrets unwrapped, archives as files with their hashes. */
export async function plannedInputs(inputs: Record<string, unknown>): Promise<Record<string, unknown>> {
    return (await plain(inputs)) as Record<string, unknown>;
}

/** The value with secrets, as Pulumi wraps them on the wire, unwrapped. */
export function withoutSecrets(value: unknown): unknown {
    if (pulumi.runtime.isRpcSecret(value)) {
        return withoutSecrets(pulumi.runtime.unwrapRpcSecret(value));
    }
    if (Array.isArray(value)) {
        return value.map(withoutSecrets);
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]))
        : value;
}

async function plain(value: unknown): Promise<unknown> {
    if (pulumi.runtime.isRpcSecret(value)) {
        return plain(pulumi.runtime.unwrapRpcSecret(value));
    }
    if (Array.isArray(value)) {
        return Promise.all(value.map(plain));
    }
    if (typeof value === "object" && value !== null) {
        if (value instanceof pulumi.asset.AssetArchive) {
            return plannedArchive(value);
        }
        if (pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value)) {
            throw new Error("only an AssetArchive of files or texts can be planned");
        }
        const entries = Object.entries(value).map(async ([key, item]) => [key, await plain(item)] as const);
        return Object.fromEntries(await Promise.all(entries));
    }
    return value;
}

async function plannedArchive(archive: pulumi.asset.AssetArchive): Promise<PlannedArchive> {
    const files = Object.entries(await archive.assets).map(
        async ([name, asset]) => [name, await plannedFile(name, asset)] as const,
    );
    return { archive: Object.fromEntries(await Promise.all(files)) };
}

async function plannedFile(name: string, asset: pulumi.asset.Asset | pulumi.asset.Archive): Promise<PlannedFile> {
    if (asset instanceof pulumi.asset.FileAsset) {
        const file = path.resolve(await asset.path);
        return describeFile(file, fs.readFileSync(file));
    }
    if (asset instanceof pulumi.asset.StringAsset) {
        // A plan holds files only; a text gets one, named by its content.
        const text = Buffer.from(await asset.text);
        const sha256 = crypto.createHash("sha256").update(text).digest("hex");
        const file = path.resolve("dist", "text", sha256.slice(0, 12), path.basename(name));
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, text);
        return describeFile(file, text);
    }
    throw new Error(`${name} is neither a file nor a text, which is all that an archive may hold here`);
}

function describeFile(file: string, content: Buffer): PlannedFile {
    return { file, sha256: crypto.createHash("sha256").update(content).digest("hex"), bytes: content.byteLength };
}
