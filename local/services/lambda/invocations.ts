import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { PlannedResource } from "../../../plan/types";
import type { ResourceProvider } from "../../gateway/types";
import type { Principal } from "../../iam/types";
import { errorTypeOf } from "./invocation";
import type { LambdaInvoker } from "./types";

export interface InvocationsOptions {
    /** Folder of the local run, where it is noted what was done. */
    readonly dataDir: string;
    readonly lambda: LambdaInvoker;
    /** Who deploys. */
    readonly principal: Principal;
    /** Tells the user what is invoked. @default - told nobody */
    readonly print?: (line: string) => void;
}

/**
 * Invokes functions when a stack is deployed, as `aws.lambda.Invocation` declares it: in the order declared, once, and again when function,
 * input or triggers change. With `lifecycleScope: "CRUD"` the input tells what happens to the resource, as the provider adds it; that a
 * resource is gone from the program is told no function. `ready` throws when a function fails, and does the rest at the next start.
 */
export function createInvocations({ dataDir, lambda, principal, print }: InvocationsOptions): ResourceProvider {
    const file = path.join(dataDir, "invocations.json");
    let declared: DeclaredInvocation[] = [];

    async function invoke({ name, inputs }: DeclaredInvocation, before: DoneInvocation | undefined): Promise<void> {
        const { functionName, qualifier = "$LATEST" } = inputs;
        const fail = (reason: string, cause?: unknown) =>
            new Error(`${name} (${TYPE}): ${functionName} ${reason}`, { cause });
        print?.(`Invoking ${functionName} for ${name}.`);
        const result = await lambda
            .invoke({
                functionName: qualifier === "$LATEST" ? functionName : `${functionName}:${qualifier}`,
                payload: toPayload(inputs, before),
                principal,
            })
            .catch((error: Error) => {
                throw fail(`could not be invoked: ${error.message}`, error);
            });
        if (result.functionError !== undefined) {
            throw fail(`failed with ${errorTypeOf(result.payload)}; its log says why`);
        }
    }

    return {
        apply: {
            [TYPE]: (resource) => void declared.push(toInvocation(resource)),
        },
        async ready() {
            const all = declared;
            declared = [];
            const before = readDone(file);
            // What is no longer declared is forgotten: declared again, it is new.
            const done = Object.fromEntries(all.flatMap(({ urn }) => (before[urn] ? [[urn, before[urn]]] : [])));
            if (Object.keys(done).length < Object.keys(before).length) {
                writeDone(file, done);
            }
            for (const invocation of all) {
                const { urn, inputs } = invocation;
                const sha256 = digestOf(inputs);
                if (done[urn]?.sha256 !== sha256) {
                    await invoke(invocation, done[urn]);
                    const { functionName, lifecycleScope, input } = inputs;
                    done[urn] = { sha256, functionName, ...(lifecycleScope === "CRUD" ? { input } : {}) };
                    writeDone(file, done);
                }
            }
        },
    };
}

const TYPE = "aws:lambda/invocation:Invocation";

interface DeclaredInvocation {
    readonly urn: string;
    readonly name: string;
    readonly inputs: InvocationInputs;
}

interface InvocationInputs {
    readonly functionName: string;
    /** JSON text. */
    readonly input: string;
    readonly triggers?: Readonly<Record<string, string>>;
    readonly qualifier?: string;
    readonly lifecycleScope?: "CREATE_ONLY" | "CRUD";
    /** Member of the input that tells what happens to the resource. @default "tf" */
    readonly terraformKey?: string;
}

interface DoneInvocation {
    /** Of what makes an invocation another one. */
    readonly sha256: string;
    readonly functionName: string;
    /** Kept where the next invocation tells it. */
    readonly input?: string;
}

function toInvocation({ urn, name, inputs }: PlannedResource): DeclaredInvocation {
    const given = inputs as unknown as InvocationInputs;
    const input = parsed(given.input);
    if (given.lifecycleScope === "CRUD" && (typeof input !== "object" || input === null || Array.isArray(input))) {
        throw new Error("with lifecycleScope CRUD, input must be an object");
    }
    return { urn, name, inputs: given };
}

function parsed(input: string): unknown {
    try {
        return JSON.parse(input);
    } catch (error) {
        throw new Error("input is not valid JSON", { cause: error });
    }
}

function digestOf({ functionName, input, triggers, qualifier }: InvocationInputs): string {
    const text = JSON.stringify({ functionName, input, triggers, qualifier });
    return crypto.createHash("sha256").update(text).digest("hex");
}

/** Another function makes the resource another one, which is created. Source: terraform-provider-aws, `aws_lambda_invocation`. */
function toPayload(
    { functionName, input, lifecycleScope, terraformKey = "tf" }: InvocationInputs,
    before?: DoneInvocation,
) {
    if (lifecycleScope !== "CRUD") {
        return input;
    }
    const isUpdate = before?.input !== undefined && before.functionName === functionName;
    const lifecycle = isUpdate
        ? { action: "update", prev_input: parsed(before.input) }
        : { action: "create", prev_input: null };
    return JSON.stringify({ ...(parsed(input) as object), [terraformKey]: lifecycle });
}

function readDone(file: string): Readonly<Record<string, DoneInvocation>> {
    return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, DoneInvocation>) : {};
}

/** A crash leaves the old file or the new one. */
function writeDone(file: string, done: Readonly<Record<string, DoneInvocation>>): void {
    fs.writeFileSync(`${file}.new`, JSON.stringify(done), { mode: 0o600, flush: true });
    fs.renameSync(`${file}.new`, file);
}
