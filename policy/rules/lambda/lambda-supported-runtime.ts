import { FUNCTION } from "../../support/lambda/lambdaFunctions";
import type { Rule } from "../../support/rule";
import { textOf, textsOf } from "../../support/values";

/** Not deprecated in November 2026: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const SUPPORTED = [
    ...["nodejs22.x", "nodejs24.x", "python3.11", "python3.12", "python3.13", "python3.14"],
    ...["java8.al2", "java11", "java17", "java21", "java25", "dotnet10"],
    ...["ruby3.3", "ruby3.4", "ruby4.0", "provided.al2023"],
];

export const rule: Rule = {
    id: "lambda-supported-runtime",
    title: "Functions run on runtimes that AWS keeps up to date.",
    why: "A deprecated runtime gets no security patches, and one day functions on it can't be changed any more.",
    mend: "Set runtime to one that is supported, or add it to the option runtimes when AWS begins to support it.",
    sources: ["Security Hub Lambda.2", "cdk-nag AwsSolutions-L1", "cdk-nag LambdaLatestVersion", "checkov CKV_AWS_363"],
    severity: "medium",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [FUNCTION],
    options: {
        runtimes: {
            what: "Runtimes that functions may use",
            schema: { type: "array", items: { type: "string" }, minItems: 1 },
            dev: SUPPORTED,
            prod: SUPPORTED,
        },
    },
    *check({ props }, { runtimes }) {
        // An image brings its own runtime.
        if (textOf(props.packageType) === "Image") {
            return;
        }
        const runtime = textOf(props.runtime) ?? "none";
        if (!textsOf(runtimes).includes(runtime)) {
            yield { fault: `runs on ${runtime}, which is no supported runtime`, finding: runtime };
        }
    },
};
