import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { version } from "@pulumi/awsx/package.json";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { withoutSecrets } from "../../plan/inputs";
import { predict } from "../../plan/outputs/predict";
import { answer, servePlugin, type StandInProvider } from "./plugin";
import { UNKNOWN } from "./unknown";

/**
 * Stands in for the plugin of `@pulumi/awsx`: registers each remote component with the engine, without the children that the
 * real one would make, and answers with what the plan predicts. In a preview the outputs of a component that this provider
 * has not made yet, or made of other inputs, are unknown.
 */
export function startComponentProvider(): Promise<StandInProvider> {
    const made = new Map<string, Inputs>();
    return servePlugin(version, {
        configure: answer<pb.ConfigureRequest, pb.ConfigureResponse>(() =>
            new pb.ConfigureResponse().setAcceptsecrets(true),
        ),
        construct: answer<pb.ConstructRequest, pb.ConstructResponse>((request) => construct(request, made)),
    });
}

type Inputs = Record<string, unknown>;

async function construct(request: pb.ConstructRequest, made: Map<string, Inputs>): Promise<pb.ConstructResponse> {
    const inputs = withoutSecrets(request.getInputs()?.toJavaScript() ?? {}) as Inputs;
    const engine = new ResourceMonitorClient(request.getMonitorendpoint(), grpc.credentials.createInsecure());
    try {
        const urn = await register(engine, request);
        const outputs = predictedOutputs(request, urn, inputs);
        if (!request.getDryrun()) {
            made.set(urn, inputs);
        }
        const isKnown = isDeepStrictEqual(made.get(urn), inputs);
        const shown = isKnown ? outputs : Object.fromEntries(Object.keys(outputs).map((key) => [key, UNKNOWN]));
        const state = Struct.fromJavaScript(shown as never);
        await registerOutputs(engine, urn, state);
        return new pb.ConstructResponse().setUrn(urn).setState(state);
    } finally {
        engine.close();
    }
}

/** Registers the component itself. Returns its URN. */
function register(engine: ResourceMonitorClient, request: pb.ConstructRequest): Promise<string> {
    const registration = new resource.RegisterResourceRequest()
        .setType(request.getType())
        .setName(request.getName())
        .setParent(request.getParent())
        .setObject(request.getInputs())
        .setDependenciesList(request.getDependenciesList())
        .setAliasesList(request.getAliasesList())
        .setAliasspecs(true)
        .setAcceptsecrets(true);
    const isProtected = request.getProtect();
    if (isProtected !== undefined) {
        registration.setProtect(isProtected);
    }
    return new Promise((resolve, reject) =>
        engine.registerResource(registration, (error, response) =>
            error ? reject(error) : resolve(response.getUrn()),
        ),
    );
}

function predictedOutputs(request: pb.ConstructRequest, urn: string, inputs: Inputs): Inputs {
    const [type, name, config] = [request.getType(), request.getName(), request.getConfigMap()];
    const region = config.get("aws:region") ?? "";
    const account = /\d{12}/.exec(config.get("aws:allowedAccountIds") ?? "")?.[0] ?? "";
    return { ...predict({ type, name, urn, inputs, region, account }).outputs };
}

function registerOutputs(engine: ResourceMonitorClient, urn: string, outputs: Struct): Promise<void> {
    const registration = new resource.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(outputs);
    return new Promise((resolve, reject) =>
        engine.registerResourceOutputs(registration, (error) => (error ? reject(error) : resolve())),
    );
}
