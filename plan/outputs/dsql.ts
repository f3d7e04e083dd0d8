import type { Predictor } from "./types";

/** Clusters of Aurora DSQL. Their id is AWS's: 26 letters and digits. */
export const dsql: Readonly<Record<string, Predictor>> = {
    "aws:dsql/cluster:Cluster": ({ region, account, unique }) => {
        const identifier = unique(26);
        return {
            id: identifier,
            outputs: {
                identifier,
                arn: `arn:aws:dsql:${region}:${account}:cluster/${identifier}`,
                vpcEndpointServiceName: `com.amazonaws.${region}.dsql-${unique(4, "endpoint")}`,
            },
        };
    },
};
