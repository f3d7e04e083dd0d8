import * as pulumi from "@pulumi/pulumi";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";

/**
 * Learns which stack is judged, and makes its config readable by `pulumi.Config`. To be called before the pack is served.
 *
 * An engine says it by a call of its own, before it asks for the pack's policies, of which Pulumi's SDK takes the tags alone;
 * older engines say it in the environment, which the SDK has read. So the call is looked at here as it comes in.
 *
 * @param configured Told the stack's name: at once, empty while it is unknown, and again when the engine says it.
 */
export function observeStack(configured: (stack: string) => void): void {
    configured(pulumi.getStack());
    const method = AnalyzerService.configureStack;
    const deserialize = method.requestDeserialize;
    method.requestDeserialize = (bytes: Buffer): AnalyzerStackConfigureRequest => {
        const request = deserialize(bytes);
        pulumi.runtime.setAllConfig(
            Object.fromEntries(request.getConfigMap().toObject()),
            request.getConfigSecretKeysList(),
        );
        configured(request.getStack());
        return request;
    };
}
