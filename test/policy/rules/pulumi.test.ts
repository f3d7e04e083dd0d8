import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { rule as exceptions } from "../../../policy/rules/pack/pack-exceptions";
import { rule as documents } from "../../../policy/rules/pack/pack-unverified-documents";
import { rule as guard } from "../../../policy/rules/pulumi/pulumi-provider-guard";
import { rule as tags } from "../../../policy/rules/pulumi/pulumi-required-tags";
import { rule as stateful } from "../../../policy/rules/pulumi/pulumi-stateful-protected";
import { findException, forgetExceptions, register } from "../../../policy/support/exceptions";
import { TAGGABLE_TYPES } from "../../../policy/support/taggable";
import { toPolicies } from "../../../policy/support/toPolicies";
import { planOf } from "../../support/plans";
import { analyze, judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";
import { withConfig } from "../support/stackConfig";

type Props = Record<string, unknown>;

const unknownAt = (path: string) =>
    `it could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

describe("pulumi-stateful-protected", () => {
    for (const type of [...stateful.types, "aws:s3/bucketV2:BucketV2"]) {
        it(`wants ${type} protected on prod`, async () => {
            assert.deepEqual(await judge(stateful, { type, protect: true }), []);
            assert.deepEqual(await judge(stateful, { type }), [
                "it is not protected. Set the resource option protect.",
            ]);
        });
    }

    it("says nothing on dev, where data come and go", async () => {
        assert.deepEqual(await analyze([stateful], { type: "aws:s3/bucket:Bucket" }, "dev"), []);
    });

    it("names types that the provider has", () => {
        assert.deepEqual(
            stateful.types.filter((type) => sourceOf(type) === undefined),
            [],
        );
    });
});

describe("pulumi-provider-guard", () => {
    const region = "it names no region.";
    const accounts = "it names no accounts.";
    const mend =
        "Set region and allowedAccountIds of the provider, or aws:region and aws:allowedAccountIds in the stack's config.";
    for (const [props, messages] of [
        [{ region: "eu-west-1", allowedAccountIds: '["111111111111"]' }, []],
        [{ region: "eu-west-1", allowedAccountIds: ["111111111111"] }, []],
        [{ region: UNKNOWN, allowedAccountIds: [UNKNOWN] }, []],
        [{ region: "eu-west-1" }, [`${accounts} ${mend} [allowedAccountIds]`]],
        [{ region: "eu-west-1", allowedAccountIds: "[]" }, [`${accounts} ${mend} [allowedAccountIds]`]],
        [{ region: "", allowedAccountIds: '["111111111111"]' }, [`${region} ${mend} [region]`]],
        [{}, [`${region} ${mend} [region]`, `${accounts} ${mend} [allowedAccountIds]`]],
        [{ allowedAccountIds: UNKNOWN }, [`${region} ${mend} [region]`, unknownAt("allowedAccountIds")]],
        [
            { region: "eu-west-1", allowedAccountIds: "111111111111," },
            [`it could not be judged: allowedAccountIds is no JSON. ${mend} [unreadable]`],
        ],
    ] as [Props, string[]][]) {
        it(`${messages.length === 0 ? "takes" : "refuses"} a provider with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(guard, { type: "pulumi:providers:aws", props }), messages);
        });
    }
});

describe("pulumi-required-tags", () => {
    const judgeTags = (props: Props, defaultTags?: object) =>
        withConfig({ "aws:defaultTags": defaultTags }, () => judge(tags, { type: "aws:sqs/queue:Queue", props }));

    const all = { Owner: "team", env: "dev", PROJECT: "quartet" };
    for (const [props, missing] of [
        [{ tags: all }, undefined],
        [{ tags: { ...all, Owner: UNKNOWN } }, undefined],
        [{ tags: { ...all, Owner: "" } }, "owner"],
        [{ tags: { Name: "x", env: "dev" } }, "owner, project"],
        [{}, "owner, env, project"],
    ] as [Props, string | undefined][]) {
        it(`finds ${missing ?? "nothing"} missing in ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(
                await judgeTags(props),
                missing === undefined
                    ? []
                    : [`it has no tag ${missing}. Set aws:defaultTags in the stack's config, or tags of the resource.`],
            );
        });
    }

    it("does not take unknown tags for these", async () => {
        assert.deepEqual(await judgeTags({ tags: UNKNOWN }), [unknownAt("tags")]);
    });

    it("counts the tags that the stack's config gives every resource", async () => {
        const defaults = { tags: { owner: "team", project: "quartet" } };

        assert.deepEqual(await judgeTags({ tags: { env: "dev" } }, defaults), []);
        assert.deepEqual(await judgeTags({}, defaults), [
            "it has no tag env. Set aws:defaultTags in the stack's config, or tags of the resource.",
        ]);
    });

    it("judges types that take tags, all of those in the program among them", async () => {
        const plans = await Promise.all([planOf("dev"), planOf("prod")]);
        const ours = plans.flatMap(({ resources }) => resources.map(({ type }) => type));
        const taggable = (type: string) => sourceOf(type)?.includes('resourceInputs["tags"]') === true;

        assert.deepEqual(
            TAGGABLE_TYPES.filter((type) => !taggable(type)),
            [],
        );
        assert.deepEqual(
            ours.filter((type) => taggable(type) && !TAGGABLE_TYPES.includes(type)),
            [],
        );
    });
});

describe("pack-unverified-documents", () => {
    const role = (props: Props): Declared => ({ type: "aws:iam/role:Role", props });
    const trust = {
        Statement: { Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" }, Action: "sts:AssumeRole" },
    };
    const mend = "Make its ARNs from names and config instead of outputs.";
    const hidden = (place: string, path: string) =>
        `it has a document in ${place} that could not be judged, since ${path} is known only after a deployment. ${mend} [${place}]`;
    for (const [title, resource, messages] of [
        ["a document as text", role({ assumeRolePolicy: JSON.stringify(trust) }), []],
        ["a document as object", role({ assumeRolePolicy: trust }), []],
        ["a policy that was left out", { ...role({ name: "n" }), outputs: { inlinePolicies: UNKNOWN } }, []],
        ["an unknown document", role({ assumeRolePolicy: UNKNOWN }), [hidden("assumeRolePolicy", "assumeRolePolicy")]],
        [
            "an unknown element of a document, beside an unknown document",
            role({
                assumeRolePolicy: {
                    Statement: [{ ...trust.Statement, Condition: { StringEquals: { "aws:SourceArn": UNKNOWN } } }],
                },
                inlinePolicies: [{ name: "n", policy: UNKNOWN }],
            }),
            [
                hidden("assumeRolePolicy", "assumeRolePolicy.Statement.0.Condition.StringEquals.aws:SourceArn"),
                hidden("inlinePolicies[0].policy", "inlinePolicies.0.policy"),
            ],
        ],
        [
            "a document that is no JSON",
            { type: "aws:sqs/queuePolicy:QueuePolicy", props: { policy: "{hunter2" } },
            [`it has a document in policy that could not be judged: policy is no JSON. ${mend} [policy]`],
        ],
        [
            "a statement without an effect",
            { type: "aws:iam/policy:Policy", props: { policy: { Statement: [{ Action: "*" }] } } },
            [
                `it has a document in policy that could not be judged: statement 1 of policy has no effect Allow or Deny. ${mend} [policy]`,
            ],
        ],
    ] as [string, Declared, string[]][]) {
        it(`${messages.length === 0 ? "takes" : "tells of"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(documents, [resource]), messages);
        });
    }
});

describe("pack-exceptions", () => {
    const queue = { type: "aws:sqs/queue:Queue", name: "orders" };
    const exception = {
        resource: "aws:sqs/queue:Queue::orders",
        finding: "policy",
        reason: "Nobody else writes to it.",
        expires: "9999-12-31",
    };

    beforeEach(forgetExceptions);
    afterEach(forgetExceptions);

    it("says nothing of an exception that is needed", async () => {
        findException("sqs-x", [exception], { ...queue, urn: "urn:x" }, "policy");

        assert.deepEqual(await judgeStack(exceptions, [queue]), []);
    });

    it("tells of one that nothing needs, at the resource", async () => {
        register("sqs-x", [exception]);

        assert.deepEqual(await judgeStack(exceptions, [queue]), [
            "orders has an exception from sqs-x for policy of aws:sqs/queue:Queue::orders that nothing needs. " +
                "Delete it from the rule's exceptions. [sqs-x aws:sqs/queue:Queue::orders policy]",
        ]);
    });

    it("tells of one for a resource that is gone", async () => {
        register("sqs-x", [{ ...exception, finding: undefined }]);

        assert.deepEqual(await judgeStack(exceptions, []), [
            "The stack has an exception from sqs-x for all findings of aws:sqs/queue:Queue::orders that nothing needs. " +
                "Delete it from the rule's exceptions. [sqs-x aws:sqs/queue:Queue::orders]",
        ]);
    });

    it("tells of one that expired, which nothing can use", async () => {
        const expired = { ...exception, expires: "2020-02-29" };
        findException("sqs-x", [expired], { ...queue, urn: "urn:x" }, "policy");

        assert.deepEqual(await judgeStack(exceptions, [queue]), [
            "orders has an exception from sqs-x for policy of aws:sqs/queue:Queue::orders that expired on 2020-02-29. " +
                "Mend what it allowed and delete it, or renew it with a reason that holds today. " +
                "[sqs-x aws:sqs/queue:Queue::orders policy]",
        ]);
    });

    it("is called after all rules that may use exceptions", () => {
        assert.deepEqual(
            toPolicies([exceptions, guard, documents], "prod").map(({ name }) => name),
            [guard.id, documents.id, exceptions.id],
        );
    });
});

/** The provider's class of a type, undefined when there is none. */
function sourceOf(type: string): string | undefined {
    const [pkg, module] = type.split(":");
    const file = path.join(path.dirname(require.resolve("@pulumi/aws")), `${module}.js`);
    const source = pkg === "aws" && fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
    return source.includes(`'${type}'`) ? source : undefined;
}
