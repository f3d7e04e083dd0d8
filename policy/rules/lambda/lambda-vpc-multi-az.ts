import { block } from "../../support/blocks";
import { FUNCTION } from "../../support/lambda/lambdaFunctions";
import type { Rule } from "../../support/rule";
import { listOf } from "../../support/values";

export const rule: Rule = {
    id: "lambda-vpc-multi-az",
    title: "Functions in a VPC have subnets in two availability zones.",
    why: "With one subnet a function stops when its availability zone does, or when the subnet runs out of addresses.",
    mend: "Name two or more subnets of different availability zones in vpcConfig.subnetIds.",
    sources: ["Security Hub Lambda.5", "prowler awslambda_function_vpc_multi_az"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [FUNCTION],
    *check({ props }) {
        if (listOf(block(props, "vpcConfig").subnetIds).length === 1) {
            yield { fault: "runs in one subnet alone" };
        }
    },
};
