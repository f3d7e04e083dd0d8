import { awsError, type AwsError } from "../../errors";

/** `InvalidParameterException`, in ECS's words. */
export function invalidParameter(message: string): AwsError {
    return awsError("InvalidParameterException", 400, message);
}

export function clusterNotFound(): AwsError {
    return awsError("ClusterNotFoundException", 400, "Cluster not found.");
}

/** An option of an operation that would change what happens, and that the local run does not have. */
export function unsupported(what: string): AwsError {
    return awsError("UnsupportedFeatureException", 400, `The local run does not serve ${what}.`);
}
