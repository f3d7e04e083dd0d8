import type { Predictor } from "./types";

/** Repositories of container images. Their id is their name. */
export const ecr: Readonly<Record<string, Predictor>> = {
    "aws:ecr/repository:Repository": ({ inputs, region, account, physicalName }) => {
        const name = physicalName(inputs.name);
        return {
            id: name,
            outputs: {
                name,
                arn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
                registryId: account,
                repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
            },
        };
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": ofRepository,
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ofRepository,
};

/** What sets something of a repository has the repository's name as its id. */
function ofRepository({ inputs, account }: Parameters<Predictor>[0]): ReturnType<Predictor> {
    return { id: String(inputs.repository), outputs: { registryId: account } };
}
