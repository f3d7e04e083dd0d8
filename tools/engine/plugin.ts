import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** A provider of one package that serves one engine at a time. */
export interface StandInProvider {
    readonly port: number;
    close(): void;
}

/**
 * Serves a provider to the engine, on 127.0.0.1.
 *
 * @param version The version of the package.
 * @param methods What it does beyond introducing itself.
 */
export async function servePlugin(
    version: string,
    methods: grpc.UntypedServiceImplementation,
): Promise<StandInProvider> {
    const server = new grpc.Server();
    server.addService(ResourceProviderService, {
        attach: answer<plugin.PluginAttach, Empty>(() => new Empty()),
        getPluginInfo: answer<Empty, plugin.PluginInfo>(() => new plugin.PluginInfo().setVersion(version)),
        getSchema: answer<pb.GetSchemaRequest, pb.GetSchemaResponse>(() => new pb.GetSchemaResponse().setSchema("{}")),
        checkConfig: answer(checked),
        diffConfig: answer<pb.DiffRequest, pb.DiffResponse>(() => new pb.DiffResponse()),
        cancel: answer<Empty, Empty>(() => new Empty()),
        ...methods,
    });
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        ),
    );
    return { port, close: () => server.forceShutdown() };
}

/** A method of a provider; what it throws reaches the engine as its message. */
export function answer<Request, Response>(
    respond: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
    const attempt = async (request: Request) => respond(request);
    return ({ request }, callback) => {
        attempt(request).then(
            (response) => callback(null, response),
            (error: Error) => callback({ code: grpc.status.UNKNOWN, message: error.message }),
        );
    };
}

/** The answer that takes all inputs as they are. */
export function checked(request: pb.CheckRequest): pb.CheckResponse {
    return new pb.CheckResponse().setInputs(request.getNews());
}
