import { changed, type Mutation } from "../support/mutation";

const changedRepository =
    (props: Readonly<Record<string, unknown>>): Mutation["change"] =>
    (resources) =>
        changed(resources, "aws:ecr/repository:Repository", props);

export const mutations: readonly Mutation[] = [
    {
        rule: "ecr-image-scan",
        when: "nothing scans the image of orders",
        change: changedRepository({ imageScanningConfiguration: undefined }),
    },
    {
        rule: "ecr-immutable-tags",
        when: "tags of the image of orders can be moved",
        change: changedRepository({ imageTagMutability: "MUTABLE" }),
    },
    {
        rule: "ecr-encryption-cmk",
        when: "the image of orders is encrypted with AWS's key",
        change: changedRepository({ encryptionConfigurations: [{ encryptionType: "KMS" }] }),
    },
];
