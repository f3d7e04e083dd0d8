import * as assert from "node:assert/strict";
import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { forgetExceptions, isExpired, knownExceptions, type Exception } from "../../policy/support/exceptions";
import type { Rule } from "../../policy/support/rule";
import { toPolicies } from "../../policy/support/toPolicies";

const { unknownCheckingProxy } = require("@pulumi/policy/proxy") as {
    unknownCheckingProxy<T extends object>(props: T): T;
};

const TYPE = "aws:s3/bucket:Bucket";
const URN = `urn:pulumi:test::quartet::${TYPE}::files`;
const RESOURCE = `${TYPE}::files`;

/** Finds two faults in each resource: one that can be named, and one that can't. */
const rule: Rule = {
    id: "s3-test",
    title: "All is well.",
    why: "It matters.",
    mend: "Mend it.",
    sources: ["quartet"],
    severity: "low",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [TYPE],
    options: { days: { what: "Days.", schema: { type: "number" }, dev: 1, prod: 30 } },
    *check(_, { days }) {
        yield { fault: "is wrong", finding: "acl" };
        yield { fault: `keeps ${String(days)} days` };
    },
};
const ACL = "files is wrong. Mend it. [acl]";
const DAYS = "files keeps 30 days. Mend it.";

const exception = (some: Partial<Exception>): Exception => ({
    ...{ resource: RESOURCE, reason: "It is meant to be so.", expires: "9999-12-31" },
    ...some,
});

describe("exceptions", () => {
    beforeEach(forgetExceptions);
    afterEach(forgetExceptions);

    for (const [title, some, left] of [
        ["of one finding allows that one", { finding: "acl" }, [DAYS]],
        ["of all findings allows all", {}, []],
        ["may name the resource by its URN", { resource: URN }, []],
        ["does not allow another finding", { finding: "policy" }, [ACL, DAYS]],
        ["does not allow a finding of another resource", { resource: `${TYPE}::other` }, [ACL, DAYS]],
        [
            "does not allow a finding of another type's resource",
            { resource: "aws:sqs/queue:Queue::files" },
            [ACL, DAYS],
        ],
        ["holds on its last day", { expires: new Date().toISOString().slice(0, 10) }, []],
        ["allows nothing after its last day", { expires: "2020-02-29" }, [ACL, DAYS]],
    ] as [string, Partial<Exception>, string[]][]) {
        it(title, async () => {
            assert.deepEqual(await messages(rule, { exceptions: [exception(some)] }), left);
            assert.deepEqual(await stackMessages(inStack(rule), { exceptions: [exception(some)] }), left);
        });
    }

    it("allow a finding of a resource with an older token by its current one", async () => {
        const args = { type: "aws:s3/bucketV2:BucketV2", urn: "urn:x" };

        assert.deepEqual(await messages(rule, { exceptions: [exception({})] }, args), []);
    });

    it("allow a finding of what can't be judged", async () => {
        const reading: Rule = { ...rule, check: ({ props }) => [{ fault: String(props.acl) }] };
        const props = { acl: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };

        assert.equal((await messages(reading, {}, { props })).length, 1);
        assert.deepEqual(
            await messages(reading, { exceptions: [exception({ finding: "unknown:acl" })] }, { props }),
            [],
        );
    });

    it("allow a finding of the resource that a fault names", async () => {
        const about = { urn: "urn:y", type: "aws:sqs/queue:Queue", name: "orders" };
        const naming: Rule = { ...rule, check: undefined, checkStack: () => [{ fault: "is wrong", resource: about }] };
        const allowed = [exception({ resource: "aws:sqs/queue:Queue::orders" })];

        assert.deepEqual(await stackMessages(naming, {}), ["orders is wrong. Mend it."]);
        assert.deepEqual(await stackMessages(naming, { exceptions: allowed }), []);
    });

    it("are known from the first call, used or not, once for each rule", async () => {
        const [used, unused] = [exception({ finding: "acl" }), exception({ resource: `${TYPE}::gone` })];
        const config = { exceptions: [used, unused] };

        await messages(rule, config, { type: "aws:sqs/queue:Queue" });
        const before = knownExceptions().map((each) => each.used);
        await messages(rule, config);
        await messages({ ...rule, id: "s3-other" }, { exceptions: [unused] });

        assert.deepEqual(before, [false, false]);
        assert.deepEqual(knownExceptions(), [
            { ...used, rule: "s3-test", used: true },
            { ...unused, rule: "s3-test", used: false },
            { ...unused, rule: "s3-other", used: false },
        ]);
    });

    it("expire at the end of their last day", () => {
        const today = new Date().toISOString().slice(0, 10);
        const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

        assert.deepEqual(
            [today, yesterday].map((expires) => isExpired(exception({ expires }))),
            [false, true],
        );
    });
});

describe("policies", () => {
    it("have the level and the options of their stack, and prod's for a stack of another name", async () => {
        const levels = ["dev", "prod", "staging"].map((stack) => toPolicies([rule], stack)[0].enforcementLevel);

        assert.deepEqual(levels, ["advisory", "mandatory", "mandatory"]);
        assert.equal((await messages(rule, {}, {}, "dev"))[1], "files keeps 1 days. Mend it.");
        assert.equal((await messages(rule, {}, {}, "staging"))[1], DAYS);
    });

    it("take options from the stack's config", async () => {
        assert.equal((await messages(rule, { days: 7 }))[1], "files keeps 7 days. Mend it.");
    });

    it("say what can be configured", () => {
        const [{ configSchema }] = toPolicies([rule], "prod");

        assert.deepEqual(Object.keys(configSchema!.properties), ["days", "exceptions"]);
        assert.deepEqual(configSchema!.properties.days, { type: "number", description: "Days." });
    });

    it("are in the order of the rules, but for those that judge no resource, which come last", () => {
        const none: Rule = { ...rule, id: "none", types: [], check: undefined, checkStack: () => [] };

        assert.deepEqual(
            toPolicies([none, rule, inStack({ ...rule, id: "in-stack" })], "prod").map(({ name }) => name),
            ["s3-test", "in-stack", "none"],
        );
    });

    it("look at a resource, a stack, or both, as their rules do", () => {
        const both: Rule = { ...rule, checkInStack: () => [] };
        const kinds = toPolicies([rule, inStack(rule), both], "prod").map((policy) => [
            "validateResource" in policy,
            "validateStack" in policy,
        ]);

        assert.deepEqual(kinds, [
            [true, false],
            [false, true],
            [true, true],
        ]);
    });
});

/** A rule that finds in a stack what another finds in a resource. */
function inStack({ check, ...rest }: Rule): Rule {
    return { ...rest, checkInStack: (resource, _, config) => check!(resource, config) };
}

/** What a policy reports about a bucket, with a config as the stack's file would give it. */
async function messages(
    tested: Rule,
    config: object,
    some: Partial<ResourceValidationArgs> = {},
    stack = "prod",
): Promise<string[]> {
    const [policy] = toPolicies([tested], stack);
    assert.ok("validateResource" in policy && typeof policy.validateResource === "function");
    const found: string[] = [];
    const { props = {}, ...rest } = some;
    const args = {
        ...{ type: TYPE, urn: URN, name: "files", opts: { protect: false } },
        ...rest,
        props: unknownCheckingProxy(props),
        getConfig: () => config,
    } as unknown as ResourceValidationArgs;
    await policy.validateResource(args, (message) => found.push(message));
    return found;
}

/** The same for a stack of one bucket. */
async function stackMessages(tested: Rule, config: object): Promise<string[]> {
    const [policy] = toPolicies([tested], "prod");
    assert.ok("validateStack" in policy);
    const found: string[] = [];
    const bucket = { type: TYPE, urn: URN, name: "files", opts: { protect: false }, propertyDependencies: {} };
    const args = {
        resources: [{ ...bucket, props: unknownCheckingProxy({}) } as unknown as PolicyResource],
        getConfig: () => config,
    } as unknown as StackValidationArgs;
    await policy.validateStack(args, (message) => found.push(message));
    return found;
}
