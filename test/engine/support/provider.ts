import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { predict } from "../../../plan/outputs/predict";

/** A provider of package `aws` that serves one engine at a time. */
export interface StandInProvider {
    readonly port: number;
    close(): void;
}

/**
 * Stands in for the AWS provider: accepts all inputs and answers creations with what the plan predicts, so that ids and ARNs
 * are the plan's. It knows no functions: the program must ask the cloud nothing.
 */
export async function startProvider(): Promise<StandInProvider> {
    const server = new grpc.Server();
    server.addService(ResourceProviderService, service());
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        ),
    );
    return { port, close: () => server.forceShutdown() };
}

type Inputs = Record<string, unknown>;

function service(): grpc.UntypedServiceImplementation {
    let place = { region: "", account: "" };
    const outputs = ({ urn, type, name, inputs }: { urn: string; type: string; name: string; inputs: Inputs }) => {
        const prediction = predict({ urn, type, name, inputs, ...place });
        return { id: prediction.id, properties: Struct.fromJavaScript({ ...inputs, ...prediction.outputs } as never) };
    };
    return {
        attach: answer<plugin.PluginAttach, Empty>(() => new Empty()),
        getPluginInfo: answer<Empty, plugin.PluginInfo>(() => new plugin.PluginInfo().setVersion("7.48.0")),
        getSchema: answer<pb.GetSchemaRequest, pb.GetSchemaResponse>(() => new pb.GetSchemaResponse().setSchema("{}")),
        checkConfig: answer(checked),
        diffConfig: answer<pb.DiffRequest, pb.DiffResponse>(() => new pb.DiffResponse()),
        configure: answer<pb.ConfigureRequest, pb.ConfigureResponse>((request) => {
            const { region, allowedAccountIds } = plain(request.getArgs());
            place = { region: String(region), account: /\d{12}/.exec(String(allowedAccountIds))?.[0] ?? "" };
            return new pb.ConfigureResponse().setSupportspreview(true);
        }),
        invoke: answer<pb.InvokeRequest, pb.InvokeResponse>((request) => {
            throw new Error(`The program calls ${request.getTok()}, which asks the cloud.`);
        }),
        check: answer(checked),
        diff: answer<pb.DiffRequest, pb.DiffResponse>((request) => {
            const [olds, news] = [plain(request.getOldInputs()), plain(request.getNews())];
            const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
                (key) => !isDeepStrictEqual(olds[key], news[key]),
            );
            const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
            return new pb.DiffResponse().setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE).setDiffsList(changed);
        }),
        create: answer<pb.CreateRequest, pb.CreateResponse>((request) => {
            const inputs = plain(request.getProperties());
            if (request.getPreview()) {
                // Whatever is missing here is unknown to the program.
                return new pb.CreateResponse().setProperties(request.getProperties());
            }
            const { id, properties } = outputs({
                urn: request.getUrn(),
                type: request.getType(),
                name: request.getName(),
                inputs,
            });
            return new pb.CreateResponse().setId(id).setProperties(properties);
        }),
        update: answer<pb.UpdateRequest, pb.UpdateResponse>((request) => {
            const inputs = plain(request.getNews());
            const { properties } = outputs({
                urn: request.getUrn(),
                type: request.getType(),
                name: request.getName(),
                inputs,
            });
            return new pb.UpdateResponse().setProperties(properties);
        }),
        delete: answer<pb.DeleteRequest, Empty>(() => new Empty()),
        cancel: answer<Empty, Empty>(() => new Empty()),
    };
}

function checked(request: pb.CheckRequest): pb.CheckResponse {
    return new pb.CheckResponse().setInputs(request.getNews());
}

function plain(struct: Struct | undefined): Inputs {
    return struct?.toJavaScript() ?? {};
}

function answer<Request, Response>(respond: (request: Request) => Response): grpc.handleUnaryCall<Request, Response> {
    return (call, callback) => {
        try {
            callback(null, respond(call.request));
        } catch (error) {
            callback({ code: grpc.status.UNKNOWN, message: (error as Error).message });
        }
    };
}
