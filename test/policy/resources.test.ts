import * as assert from "node:assert/strict";
import type { PolicyResource } from "@pulumi/policy";
import { noteInputs, stackOf } from "../../policy/support/resources";
import type { Fault, Rule } from "../../policy/support/rule";
import { isSet, type Props } from "../../policy/support/values";
import { judge, judgeStack, UNKNOWN, type Declared } from "./support/judge";

const { unknownCheckingProxy } = require("@pulumi/policy/proxy") as { unknownCheckingProxy(props: Props): Props };

const BUCKET = "aws:s3/bucket:Bucket";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";

const ruleOf = (checks: Pick<Rule, "check" | "checkInStack" | "checkStack">): Rule => ({
    id: "test-rule",
    title: "All is well.",
    why: "It matters.",
    mend: "Mend it.",
    sources: ["quartet"],
    severity: "low",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [BUCKET],
    ...checks,
});

const tell = (fault: string): Fault => ({ fault, mend: "" });

describe("a resource rule", () => {
    const naming = ruleOf({ check: ({ type, name, options }) => [tell(`${type} ${name} ${options.protect}`)] });

    it("gets a resource of its types only", async () => {
        assert.deepEqual(await judge(naming, { type: POLICY }), []);
    });

    it("gets a resource by the current token of its type, and its options", async () => {
        assert.deepEqual(await judge(naming, { type: "aws:s3/bucketV2:BucketV2", name: "files", protect: true }), [
            "files aws:s3/bucket:Bucket files true. ",
        ]);
    });
});

describe("a stack rule", () => {
    const declaring = ruleOf({
        checkInStack: ({ props, outputs }) => [
            tell(`declares ${Object.keys(props).sort().join()} of ${Object.keys(outputs).sort().join()}`),
        ],
    });

    it("does not take what a provider answers for declared", async () => {
        const bucket = {
            type: BUCKET,
            props: { bucket: "files" },
            outputs: { arn: "arn:aws:s3:::files", policy: "{}" },
        };

        assert.deepEqual(await judgeStack(declaring, [bucket]), ["it declares bucket of arn,bucket,policy. "]);
    });

    it("tells what was left out from what is unknown, though the provider can't tell either in a preview", async () => {
        const reading = ruleOf({
            checkInStack: ({ props }) => [
                tell(`${isSet(props, "policy")}`),
                ...(isSet(props, "policy") ? [tell(String(props.policy))] : []),
            ],
        });
        const declared = { type: BUCKET, name: "declared", props: { policy: UNKNOWN } };
        const leftOut = { type: BUCKET, name: "left-out", props: { bucket: "b" }, outputs: { policy: UNKNOWN } };

        assert.deepEqual(await judgeStack(reading, [leftOut, declared]), [
            "left-out false. ",
            "declared could not be judged, since policy is known only after a deployment. Compute the value from names and " +
                "config instead of outputs, so that a preview can read it. [unknown:policy]",
        ]);
    });

    it("takes for declared what is known or comes from elsewhere, where it saw no inputs of a resource", () => {
        const props = unknownCheckingProxy({ bucket: "b", acl: undefined, policy: UNKNOWN, tags: UNKNOWN });
        const propertyDependencies = { policy: [policyResource({})] };

        const { resources } = stackOf([policyResource({ props, propertyDependencies })]);

        assert.deepEqual(Object.keys(resources[0].props), ["bucket", "policy"]);
    });

    it("takes for declared what the inputs of a resource told", () => {
        const urn = "urn:pulumi:direct::quartet::noted";
        noteInputs(urn, unknownCheckingProxy({ bucket: UNKNOWN }));

        const { resources } = stackOf([policyResource({ urn, props: { bucket: "b", acl: "private" } })]);

        assert.deepEqual(Object.keys(resources[0].props), ["bucket"]);
    });

    it("judges each resource by itself, so that one that can't be read does not hide another", async () => {
        const reading = ruleOf({ checkInStack: ({ props }) => [tell(`has ${String(props.bucket)}`)] });
        const buckets = [UNKNOWN, "b"].map((bucket, index) => ({ type: BUCKET, name: `b${index}`, props: { bucket } }));

        const messages = await judgeStack(reading, buckets);

        assert.equal(messages.length, 2);
        assert.equal(messages[1], "b1 has b. ");
    });

    it("may judge the stack as a whole, and name no resource", async () => {
        const counting = ruleOf({ checkStack: (stack) => [tell(`has ${stack.resources.length} resources`)] });

        assert.deepEqual(await judgeStack(counting, [{ type: BUCKET }, { type: POLICY }]), [
            "The stack has 2 resources. ",
        ]);
    });

    it("knows the parent of a resource", () => {
        const parent = policyResource({ urn: "urn:pulumi:test::quartet::awsx:ec2:Vpc::net", type: "awsx:ec2:Vpc" });
        const { resources } = stackOf([parent, policyResource({ parent })]);

        assert.deepEqual(
            resources.map((resource) => resource.parent),
            [undefined, parent.urn],
        );
    });
});

describe("a join", () => {
    const joining = ruleOf({
        checkInStack: (bucket, stack) => {
            const policies = stack.naming(bucket, "bucket", POLICY);
            const back = policies.flatMap((policy) => stack.named(policy, "bucket", BUCKET));
            return [tell(`${policies.map(({ name }) => name).join()} ${back.map(({ name }) => name).join()}`)];
        },
    });
    const bucket = {
        type: BUCKET,
        name: "files",
        props: { bucket: "my-files" },
        outputs: { id: "my-files-id", arn: "arn:aws:s3:::my-files" },
    };
    const other = { ...bucket, name: "other", props: { bucket: "others" }, outputs: { id: "o" } };
    const joined = async (policy: Omit<Declared, "type">, first: Declared = bucket) =>
        (await judgeStack(joining, [first, other, { type: POLICY, name: "policy", ...policy }]))[0];

    for (const [how, value] of [
        ["name", "my-files"],
        ["id", "my-files-id"],
        ["ARN", "arn:aws:s3:::my-files"],
        ["an element of a list, beside one that is unknown", [UNKNOWN, "my-files"]],
    ] as const) {
        it(`is made by ${how}`, async () => {
            assert.equal(await joined({ props: { bucket: value } }), "files policy files. ");
        });
    }

    it("is made by an output that is unknown", async () => {
        const policy = { props: { bucket: UNKNOWN }, refers: { bucket: ["files"] } };

        assert.equal(await joined(policy, { ...bucket, outputs: { id: UNKNOWN } }), "files policy files. ");
    });

    it("is made by an ARN that ends in the name, as long as the true one is unknown", async () => {
        const policy = { props: { bucket: "arn:aws:s3:::my-files" } };

        assert.equal(await joined(policy, { ...bucket, outputs: { arn: UNKNOWN } }), "files policy files. ");
        assert.equal(await joined(policy, { ...bucket, outputs: { arn: "arn:aws-cn:s3:::my-files" } }), "files  . ");
    });

    for (const [what, policy] of [
        ["another name", { props: { bucket: "elsewhere" } }],
        ["an unknown value of another resource", { props: { bucket: UNKNOWN }, refers: { bucket: ["other"] } }],
        ["nothing", { props: { policy: "{}" } }],
        ["nothing that was declared", { props: { policy: "{}" }, outputs: { bucket: "my-files" } }],
        ["an empty name", { props: { bucket: "" } }],
    ] as const) {
        it(`is not made by ${what}`, async () => {
            assert.equal(await joined(policy, { ...bucket, outputs: { ...bucket.outputs, name: "" } }), "files  . ");
        });
    }
});

function policyResource(some: Partial<PolicyResource>): PolicyResource {
    const opts = { protect: false, ignoreChanges: [], aliases: [], additionalSecretOutputs: [] };
    return {
        ...{ urn: `urn:pulumi:direct::quartet::${BUCKET}::files`, type: BUCKET, name: "files", props: {} },
        ...{ opts, dependencies: [], propertyDependencies: {}, isType: () => false, asType: () => undefined },
        ...some,
    } as unknown as PolicyResource;
}
