import * as pb from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Plan, PlannedResource } from "../../plan/types";

/** The questions that an engine would ask a pack about a plan's resources, one for each, before it makes them. */
export function resourceRequests({ resources }: Plan): pb.AnalyzeRequest[] {
    return resources.map((resource) => {
        const { type, name, urn, inputs } = resource;
        return new pb.AnalyzeRequest()
            .setType(type)
            .setName(name)
            .setUrn(urn)
            .setProperties(struct(inputs))
            .setOptions(options(resource));
    });
}

/**
 * The question that an engine would ask a pack about a plan's stack as a whole, after those about its resources. All values
 * are known, so that it does not matter which resource they come from.
 */
export function stackRequest({ resources }: Plan): pb.AnalyzeStackRequest {
    return new pb.AnalyzeStackRequest().setResourcesList(
        resources.map((resource) => {
            const { type, name, urn, outputs, id, parent, dependsOn } = resource;
            return new pb.AnalyzerResource()
                .setType(type)
                .setName(name)
                .setUrn(urn)
                .setParent(parent ?? "")
                .setProperties(struct({ ...outputs, ...(id && { id }) }))
                .setOptions(options(resource))
                .setDependenciesList([...dependsOn]);
        }),
    );
}

function options({ protect, parent }: PlannedResource): pb.AnalyzerResourceOptions {
    return new pb.AnalyzerResourceOptions().setProtect(protect).setParent(parent ?? "");
}

function struct(values: Readonly<Record<string, unknown>>): Struct {
    return Struct.fromJavaScript(values as never);
}
