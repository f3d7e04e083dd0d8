import { Unreadable } from "../failClosed";
import type { Resource } from "../resources";
import { isSet, jsonOf, propsListOf, propsOf } from "../values";

/** What a policy document is attached to: a principal, a role as its trust policy, or a resource. */
export type DocumentKind = "identity" | "trust" | "resource";

/** A policy document among a resource's inputs. */
export interface PolicyDocument {
    readonly kind: DocumentKind;
    /** Where it stands, e.g. `policy` or `inlinePolicies[0].policy`. */
    readonly place: string;
    /** Reads it: text or object, as it was declared. Throws where it is known only after a deployment. */
    read(): unknown;
}

/** Types whose `policy` is given to a role, group or user; a role's inline policies stand in its `inlinePolicies`. */
export const IDENTITY_POLICY_TYPES = [
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/role:Role",
    "aws:iam/groupPolicy:GroupPolicy",
    "aws:iam/userPolicy:UserPolicy",
];

/** Types with the policy of a resource, and the property it stands in. */
const RESOURCE_POLICY_PROPERTIES: Readonly<Record<string, string>> = {
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:s3/bucket:Bucket": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
    "aws:sqs/queue:Queue": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:sns/topic:Topic": "policy",
    "aws:kms/key:Key": "policy",
    "aws:kms/keyPolicy:KeyPolicy": "policy",
    "aws:kms/replicaKey:ReplicaKey": "policy",
    "aws:kms/externalKey:ExternalKey": "policy",
    "aws:kms/replicaExternalKey:ReplicaExternalKey": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:secretsmanager/secret:Secret": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:ecr/registryPolicy:RegistryPolicy": "policy",
    "aws:lambda/resourcePolicy:ResourcePolicy": "policy",
    "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
    "aws:dsql/clusterPolicy:ClusterPolicy": "policy",
    "aws:apigateway/restApiPolicy:RestApiPolicy": "policy",
    "aws:apigateway/restApi:RestApi": "policy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "aws:glue/resourcePolicy:ResourcePolicy": "policy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
    "aws:s3/accessPoint:AccessPoint": "policy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
    "aws:kinesis/resourcePolicy:ResourcePolicy": "policy",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "policy",
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": "policy",
};

/** Types with the policy of a resource. */
export const RESOURCE_POLICY_TYPES = Object.keys(RESOURCE_POLICY_PROPERTIES);

/** The documents of some kinds that a resource declares. What it leaves out is none. */
export function documentsOf(resource: Resource, ...kinds: readonly DocumentKind[]): PolicyDocument[] {
    return [...declared(resource)].filter(({ kind }) => kinds.includes(kind));
}

function* declared({ type, props }: Resource): Generator<PolicyDocument> {
    if (type === "aws:iam/role:Role") {
        yield* property(props, "assumeRolePolicy", "trust");
        yield* inlinePolicies(props);
        return;
    }
    if (IDENTITY_POLICY_TYPES.includes(type)) {
        yield* property(props, "policy", "identity");
    }
    if (type in RESOURCE_POLICY_PROPERTIES) {
        yield* property(props, RESOURCE_POLICY_PROPERTIES[type], "resource");
    }
    if (type === "aws:apigateway/restApi:RestApi" && "body" in props) {
        yield* bodyPolicy(props);
    }
}

function* property(props: Resource["props"], place: string, kind: DocumentKind): Generator<PolicyDocument> {
    if (isSet(props, place)) {
        yield { kind, place, read: () => props[place] };
    }
}

/** Inline policies of a role. Where the list itself is unknown, it is one document that can't be read. */
function* inlinePolicies(props: Resource["props"]): Generator<PolicyDocument> {
    if (!("inlinePolicies" in props)) {
        return;
    }
    let policies: readonly Resource["props"][];
    try {
        policies = propsListOf(props.inlinePolicies);
    } catch {
        yield { kind: "identity", place: "inlinePolicies", read: () => props.inlinePolicies };
        return;
    }
    for (let index = 0; index < policies.length; index++) {
        const policy = () => propsOf(policies[index]).policy;
        // An empty entry is how a program says that a role has no inline policies.
        if (mayBeSet(policy)) {
            yield { kind: "identity", place: `inlinePolicies[${index}].policy`, read: policy };
        }
    }
}

/** Whether a value is set, be it unreadable: the document then says so when it is read. */
function mayBeSet(read: () => unknown): boolean {
    try {
        const value = read();
        return value !== undefined && value !== null && value !== "";
    } catch {
        return true;
    }
}

/** API Gateway takes a resource policy inside of an API's OpenAPI description, too. */
function* bodyPolicy(props: Resource["props"]): Generator<PolicyDocument> {
    const policy = () => propsOf(jsonOf(props.body, "body"))[BODY_POLICY];
    if (mayBeSet(policy)) {
        yield { kind: "resource", place: `body.${BODY_POLICY}`, read: policy };
    }
}

const BODY_POLICY = "x-amazon-apigateway-policy";

/** A document as an object. @throws Unreadable when it is none. */
export function parseDocument({ read, place }: PolicyDocument): Resource["props"] {
    const value = jsonOf(read(), place);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Unreadable(`${place} is no policy document`);
    }
    return value as Resource["props"];
}
