import { eachAsync } from "../../support/failClosed";
import { ifKnown } from "../../support/known";
import type { Stack, StackResource } from "../../support/resources";
import type { Fault, Faults, Rule, RuleConfig } from "../../support/rule";
import { textOf } from "../../support/values";
import { rule as accessLogging } from "../s3/s3-access-logging";
import { rule as aclsDisabled } from "../s3/s3-acls-disabled";
import { rule as corsNoWildcard } from "../s3/s3-cors-no-wildcard";
import { rule as encryption } from "../s3/s3-encryption";
import { rule as lifecycle } from "../s3/s3-lifecycle";
import { rule as noForceDestroy } from "../s3/s3-no-force-destroy";
import { rule as noPublicAcl } from "../s3/s3-no-public-acl";
import { rule as noWebsite } from "../s3/s3-no-website";
import { rule as publicAccessBlock } from "../s3/s3-public-access-block";
import { rule as tlsOnly } from "../s3/s3-tls-only";
import { rule as versioning } from "../s3/s3-versioning";

const RULES: readonly Rule[] = [
    ...[publicAccessBlock, noPublicAcl, aclsDisabled, tlsOnly, encryption, versioning, accessLogging],
    ...[lifecycle, corsNoWildcard, noWebsite, noForceDestroy],
];

/** Types of what belongs to a bucket. */
const PARTS = [...new Set(RULES.flatMap(({ types, joins = [] }) => [...types, ...joins]))].filter(
    (type) => type !== "aws:s3/bucket:Bucket",
);

export const rule: Rule = {
    id: "pulumi-state-bucket",
    title: "The bucket of Pulumi's state keeps all rules of S3 as on prod, without exceptions, and is protected.",
    why: "The state holds all secrets of a stack, encrypted, and what the next deployment will do: who writes it owns the stack, and who loses it can't deploy.",
    mend: "Mend it as the rule named in brackets says.",
    sources: ["quartet"],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:s3/bucket:Bucket"],
    joins: PARTS,
    options: {
        bucket: {
            what: "Name of the bucket, in the stack that makes it; empty in all others",
            schema: { type: "string" },
            dev: "",
            prod: "",
        },
    },
    async *checkStack(stack, config) {
        const name = textOf(config.bucket) ?? "";
        if (name === "") {
            return;
        }
        const buckets = stack
            .ofType("aws:s3/bucket:Bucket")
            .filter((bucket) => ifKnown(() => bucket.outputs.bucket) === name);
        if (buckets.length === 0) {
            yield {
                fault: `has no bucket ${name}`,
                mend: "Set the rule's option bucket to the name that the bucket of the state declares.",
            };
        }
        for (const bucket of buckets) {
            yield* lockDown(bucket);
            const own = [bucket, ...stack.naming(bucket, "bucket", ...PARTS)];
            yield* eachAsync(RULES, (each) => judge(each, own, only(stack, own)));
        }
    },
};

function* lockDown(bucket: StackResource): Generator<Fault> {
    if (!bucket.options.protect) {
        yield {
            resource: bucket,
            fault: "holds the state, but is not protected",
            finding: "protect",
            mend: "Set Pulumi's option protect: true.",
        };
    }
}

/** What a rule of S3 finds in the bucket and what belongs to it. */
async function* judge(rule: Rule, resources: readonly StackResource[], stack: Stack): AsyncGenerator<Fault> {
    const config = prodOptions(rule);
    for (const resource of resources.filter(({ type }) => rule.types.includes(type))) {
        const checks = [
            (): Faults => rule.check?.(resource, config) ?? [],
            (): Faults => rule.checkInStack?.(resource, stack, config) ?? [],
        ];
        for await (const { fault, finding, mend } of eachAsync(checks, (check) => check())) {
            yield {
                resource,
                fault,
                finding: finding === undefined ? rule.id : `${rule.id}:${finding}`,
                mend: mend ?? rule.mend,
            };
        }
    }
}

function prodOptions({ options = {} }: Rule): RuleConfig {
    return Object.fromEntries(Object.entries(options).map(([key, { prod }]) => [key, prod]));
}

/** A part of a stack. Others that log to the bucket stay out of it, as being their target would excuse it from rules. */
function only(stack: Stack, part: readonly StackResource[]): Stack {
    const isPart = (resource: StackResource) => part.includes(resource);
    return {
        resources: part,
        ofType: (...types) => stack.ofType(...types).filter(isPart),
        naming: (...query) => stack.naming(...query).filter(isPart),
        named: (...query) => stack.named(...query).filter(isPart),
    };
}
