import * as pulumi from "@pulumi/pulumi";
import { plannedInputs, withoutSecrets } from "./inputs";
import { predict } from "./outputs/predict";
import type { Plan, PlannedResource } from "./types";

/** What to evaluate. */
export interface EvaluateArgs {
    readonly project: string;
    readonly stack: string;
    /** The stack's config by full key, e.g. `aws:region`, as Pulumi hands it to programs: structured values as JSON text. */
    readonly config: Readonly<Record<string, string>>;
    /** Loads the program and returns its exports. Called once, after the mocks are in place. */
    readonly program: () => Promise<Record<string, unknown>> | Record<string, unknown>;
}

/**
 * Runs a Pulumi program without an engine and returns what it declares. Pulumi's runtime is global: evaluate once in a
 * process, so that nothing of an earlier evaluation is left.
 *
 * @throws What the program throws, such as an error in the stack's config.
 */
export async function evaluate({ project, stack, config, program }: EvaluateArgs): Promise<Plan> {
    const region = config["aws:region"];
    const account = /\d{12}/.exec(config["aws:allowedAccountIds"] ?? "")?.[0] ?? "";
    const resources: PlannedResource[] = [];
    let registration: Registration;

    pulumi.runtime.setAllConfig({ ...config });
    await pulumi.runtime.setMocks(
        {
            async newResource({ type, name, inputs, custom = false }) {
                const { urn, parent, remote, dependsOn, protect } = registration;
                const planned = await plannedInputs(inputs as Record<string, unknown>);
                const { id, outputs } =
                    custom || remote
                        ? predict({ type, name, urn, inputs: planned, region, account })
                        : { id: "", outputs: {} };
                resources.push({
                    ...{ urn, type, name, parent, custom, id, dependsOn, protect },
                    ...(remote && { remote }),
                    inputs: planned,
                    outputs: { ...planned, ...outputs },
                });
                return { id, state: { ...(inputs as Record<string, unknown>), ...outputs } };
            },
            call({ token }) {
                throw new Error(
                    `The program calls ${token}, which asks the cloud; take the value from the config instead.`,
                );
            },
        },
        project,
        stack,
        false,
    );
    observe({
        registered: (next) => (registration = next),
        registeredOutputs: (urn, outputs) =>
            Object.assign(resources.find((resource) => resource.urn === urn)!.outputs, outputs),
    });

    let exports: Record<string, unknown> = {};
    let stackResource: pulumi.Resource | undefined;
    await pulumi.runtime.runInPulumiStack(async () => {
        stackResource = pulumi.runtime.getStackResource();
        return (exports = await program());
    });
    await allRegistered(stackResource!);
    const outputs = await stackOutputs(exports);
    // Components' outputs are sent without anybody waiting for them.
    await pulumi.runtime.disconnect();
    return {
        project,
        stack,
        region,
        account,
        resources: resources.filter(({ type }) => !type.startsWith("pulumi:")),
        ...outputs,
    };
}

/** Resolves when every resource below one is registered, also those that are made when another's outputs are known. */
async function allRegistered(resource: pulumi.Resource): Promise<void> {
    await valueOf(resource.urn);
    const seen = new Set<pulumi.Resource>();
    for (let size = -1; size < seen.size;) {
        size = seen.size;
        const children = (resource as unknown as { __childResources?: Set<pulumi.Resource> }).__childResources;
        for (const child of [...(children ?? [])].filter((one) => !seen.has(one))) {
            seen.add(child);
            await allRegistered(child);
        }
    }
}

interface Registration {
    readonly urn: string;
    readonly parent?: string;
    readonly remote: boolean;
    readonly dependsOn: string[];
    readonly protect: boolean;
}

/**
 * What mocks are not told: parents, dependencies, protection, whether a component is remote, and the outputs of components.
 * Pulumi's mock engine receives it.
 */
interface Observer {
    registered(registration: Registration): void;
    registeredOutputs(urn: string, outputs: Record<string, unknown>): void;
}

function observe({ registered, registeredOutputs }: Observer): void {
    interface ResourceRequest {
        getType(): string;
        getName(): string;
        getParent(): string;
        getRemote(): boolean;
        getDependenciesList(): string[];
        getProtect(): boolean;
    }
    interface OutputsRequest {
        getUrn(): string;
        getOutputs(): { toJavaScript(): Record<string, unknown> };
    }
    interface MockEngine {
        registerResource(request: ResourceRequest, callback: unknown): Promise<void>;
        registerResourceOutputs(request: OutputsRequest, callback: unknown): void;
        newUrn: typeof urn;
    }
    const engine = pulumi.runtime.getMonitor() as unknown as MockEngine;
    const registerResource = engine.registerResource.bind(engine);
    const registerResourceOutputs = engine.registerResourceOutputs.bind(engine);
    // The mock is called before the first `await` in there, so what is noted here belongs to it.
    engine.newUrn = urn;
    engine.registerResource = (request, callback) => {
        registered({
            urn: urn(request.getParent(), request.getType(), request.getName()),
            parent: request.getParent() || undefined,
            remote: request.getRemote(),
            dependsOn: request.getDependenciesList(),
            protect: request.getProtect(),
        });
        return registerResource(request, callback);
    };
    engine.registerResourceOutputs = (request, callback) => {
        registeredOutputs(
            request.getUrn(),
            withoutSecrets(request.getOutputs().toJavaScript()) as Record<string, unknown>,
        );
        registerResourceOutputs(request, callback);
    };
}

/** As the engine makes it; the mock engine names only the nearest parent's type. */
function urn(parent: string, type: string, name: string): string {
    const parentType = parent.split("::")[2] ?? pulumi.runtime.rootPulumiStackTypeName;
    const qualified = parentType === pulumi.runtime.rootPulumiStackTypeName ? type : `${parentType}$${type}`;
    return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${qualified}::${name}`;
}

async function stackOutputs(exports: Record<string, unknown>): Promise<Pick<Plan, "outputs" | "secretOutputs">> {
    const outputs: Record<string, unknown> = {};
    const secretOutputs: string[] = [];
    for (const [name, value] of Object.entries(exports)) {
        const output = pulumi.output(value);
        outputs[name] = await valueOf(output);
        if (await pulumi.isSecret(output)) {
            secretOutputs.push(name);
        }
    }
    return { outputs, secretOutputs };
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
    return (output as unknown as { promise(): Promise<T> }).promise();
}
