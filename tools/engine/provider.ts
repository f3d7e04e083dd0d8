import { isDeepStrictEqual } from "node:util";
import type * as grpc from "@grpc/grpc-js";
import { version } from "@pulumi/aws/package.json";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { predict } from "../../plan/outputs/predict";
import { UNKNOWN } from "./unknown";
import { answer, checked, servePlugin, type StandInProvider } from "./plugin";

/** Properties that AWS computes when they are left out, by the type of the resource. */
export type Computed = Readonly<Record<string, readonly string[]>>;

/**
 * Stands in for the AWS provider: accepts all inputs and answers creations with what the plan predicts, so that ids and ARNs
 * are the plan's. It knows no functions: the program must ask the cloud nothing.
 *
 * @param computed What a preview answers as unknown when it was left out, as the real provider does. @default - nothing
 */
export function startProvider(computed: Computed = {}): Promise<StandInProvider> {
    return servePlugin(version, methods(computed));
}

type Inputs = Record<string, unknown>;

function methods(computed: Computed): grpc.UntypedServiceImplementation {
    let place = { region: "", account: "" };
    const outputs = ({ urn, type, name, inputs }: { urn: string; type: string; name: string; inputs: Inputs }) => {
        const prediction = predict({ urn, type, name, inputs, ...place });
        return { id: prediction.id, properties: Struct.fromJavaScript({ ...inputs, ...prediction.outputs } as never) };
    };
    return {
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
                const leftOut = computed[request.getType()] ?? [];
                const unknown = Object.fromEntries(leftOut.map((key) => [key, UNKNOWN]));
                return new pb.CreateResponse().setProperties(Struct.fromJavaScript({ ...unknown, ...inputs } as never));
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
    };
}

function plain(struct: Struct | undefined): Inputs {
    return struct?.toJavaScript() ?? {};
}
