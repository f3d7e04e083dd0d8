import { added, type Mutation } from "../support/mutation";

const PROVIDER = "pulumi:providers:aws";

export const mutations: readonly Mutation[] = [
    ...["aws:dynamodb/table:Table", "aws:dsql/cluster:Cluster", "aws:s3/bucket:Bucket", "aws:kms/key:Key"].map(
        (type): Mutation => ({
            rule: "pulumi-stateful-protected",
            when: `the first ${type} is not protected`,
            change: (resources) => {
                const first = resources.find((resource) => resource.type === type);
                return resources.map((resource) => (resource === first ? { ...resource, protect: false } : resource));
            },
        }),
    ),
    {
        rule: "pulumi-provider-guard",
        when: "the provider may deploy to any account",
        change: (resources) => added(resources, PROVIDER, { region: "eu-west-1" }),
    },
    {
        rule: "pulumi-provider-guard",
        when: "the provider takes its region from the environment",
        change: (resources) => added(resources, PROVIDER, { allowedAccountIds: '["222222222222"]' }),
    },
];
