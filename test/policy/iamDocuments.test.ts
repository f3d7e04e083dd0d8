import * as assert from "node:assert/strict";
import { RESOURCE_POLICY_TYPES, type DocumentKind } from "../../policy/support/iam/documents";
import { eachAllowed, eachStatement, type Statement } from "../../policy/support/iam/statements";
import type { Fault, Rule } from "../../policy/support/rule";
import { unknown } from "./support/iamStatements";
import { judge, UNKNOWN, type Declared } from "./support/judge";

const ROLE = "aws:iam/role:Role";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const ALLOWED = { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" };

/** What is read of a resource's documents: one message for each statement. */
async function read(
    resource: Declared,
    of: (statement: Statement) => unknown = ({ actions }) => actions,
    each: typeof eachStatement = eachStatement,
    kinds: readonly DocumentKind[] = ["identity", "trust", "resource"],
): Promise<string[]> {
    const check = (statement: Statement): Fault[] => [
        { fault: `${statement.place}: ${JSON.stringify(of(statement))}` },
    ];
    const probe: Rule = {
        ...{ id: "probe", title: "Probe.", why: "Why.", mend: "Mend.", sources: ["quartet"], severity: "low" },
        ...{ levels: { dev: "advisory", prod: "advisory" }, types: [resource.type] },
        check: (judged) => each(judged, kinds, check),
    };
    return (await judge(probe, resource)).map((message) => message.replace(/^it /, "").replace(/\. Mend\.$/, ""));
}

const queuePolicy = (policy: unknown): Declared => ({ type: QUEUE_POLICY, props: { policy } });
const statement = (...elements: readonly object[]) => queuePolicy({ Statement: elements });

describe("the documents of a resource", () => {
    const document = JSON.stringify({ Statement: [ALLOWED] });

    it("are a role's trust policy and its inline policies", async () => {
        const props = {
            assumeRolePolicy: document,
            inlinePolicies: [{ name: "a", policy: document }, { policy: document }],
        };

        assert.deepEqual(await read({ type: ROLE, props }), [
            'statement 1 of assumeRolePolicy: ["sqs:SendMessage"]',
            'statement 1 of inlinePolicies[0].policy: ["sqs:SendMessage"]',
            'statement 1 of inlinePolicies[1].policy: ["sqs:SendMessage"]',
        ]);
    });

    it("are read although an inline policy beside them is unknown", async () => {
        const props = { inlinePolicies: [{ policy: UNKNOWN }, UNKNOWN, { policy: document }] };

        assert.deepEqual(await read({ type: ROLE, props }), [
            unknown("inlinePolicies.0.policy"),
            unknown("inlinePolicies.1"),
            'statement 1 of inlinePolicies[2].policy: ["sqs:SendMessage"]',
        ]);
    });

    it("can't be read when all inline policies are unknown", async () => {
        const props = { assumeRolePolicy: document, inlinePolicies: UNKNOWN };

        assert.deepEqual(await read({ type: ROLE, props }), [
            'statement 1 of assumeRolePolicy: ["sqs:SendMessage"]',
            unknown("inlinePolicies"),
        ]);
    });

    it("are a single inline policy that is no list, too", async () => {
        const props = { inlinePolicies: { name: "a", policy: document } };

        assert.deepEqual(await read({ type: ROLE, props }), [
            'statement 1 of inlinePolicies[0].policy: ["sqs:SendMessage"]',
        ]);
    });

    for (const props of [
        {},
        { inlinePolicies: [] },
        { inlinePolicies: [{}] },
        { inlinePolicies: [{ name: "a", policy: "" }] },
    ]) {
        it(`are none of a role with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await read({ type: ROLE, props }), []);
        });
    }

    it("are those of the kinds that are asked for", async () => {
        const props = { assumeRolePolicy: document, inlinePolicies: [{ policy: document }] };
        const identity = await read({ type: ROLE, props }, undefined, eachStatement, ["identity"]);
        const trust = await read({ type: ROLE, props }, undefined, eachStatement, ["trust"]);
        const resource = await read({ type: ROLE, props }, undefined, eachStatement, ["resource"]);

        assert.deepEqual(
            [identity, trust, resource].map(({ length }) => length),
            [1, 1, 0],
        );
    });

    it("are the policy of each type of resource that has one", async () => {
        for (const type of RESOURCE_POLICY_TYPES) {
            const found = await read({ type, props: { policy: document, policyDocument: document } });

            assert.match(found.join("\n"), /^statement 1 of policy(Document)?: \["sqs:SendMessage"\]$/, type);
        }
    });

    for (const policy of [null, ""]) {
        it(`are none where the policy is ${JSON.stringify(policy)}`, async () => {
            assert.deepEqual(await read(queuePolicy(policy)), []);
        });
    }

    const API = "aws:apigateway/restApi:RestApi";

    it("are the policy in an API's description, as text or object, beside its own", async () => {
        const body = { "x-amazon-apigateway-policy": { Statement: [ALLOWED] } };

        for (const form of [body, JSON.stringify(body)]) {
            assert.deepEqual(await read({ type: API, props: { body: form, policy: document } }), [
                'statement 1 of policy: ["sqs:SendMessage"]',
                'statement 1 of body.x-amazon-apigateway-policy: ["sqs:SendMessage"]',
            ]);
        }
    });

    it("are none in an API's description without one", async () => {
        assert.deepEqual(await read({ type: API, props: { body: '{"openapi":"3.0.1"}' } }), []);
    });

    it("can't be read in an API's description that is no JSON or unknown", async () => {
        assert.deepEqual(await read({ type: API, props: { body: "openapi: 3.0.1" } }), [
            "could not be judged: body is no JSON. Mend. [unreadable]",
        ]);
        assert.deepEqual(await read({ type: API, props: { body: UNKNOWN } }), [unknown("body")]);
    });

    for (const [text, reason] of [
        ["{", "policy is no JSON"],
        ["[]", "policy is no policy document"],
        ['"text"', "policy is no policy document"],
        ["null", "policy is no policy document"],
    ]) {
        it(`can't be read from ${text}, and a message does not quote it`, async () => {
            assert.deepEqual(await read(queuePolicy(text)), [`could not be judged: ${reason}. Mend. [unreadable]`]);
        });
    }
});

describe("the statements of a document", () => {
    it("are one when it is no list, and none when they are left out", async () => {
        assert.deepEqual(await read(queuePolicy({ Statement: ALLOWED })), [
            'statement 1 of policy: ["sqs:SendMessage"]',
        ]);
        assert.deepEqual(await read(queuePolicy({ Version: "2012-10-17" })), []);
    });

    it("tell their Sid, but don't need it", async () => {
        assert.deepEqual(await read(statement({ ...ALLOWED, Sid: "Send" }, { ...ALLOWED, Sid: UNKNOWN })), [
            'statement 1 (Send) of policy: ["sqs:SendMessage"]',
            'statement 2 of policy: ["sqs:SendMessage"]',
        ]);
    });

    it("have lists for single values, and tell what is left out from what is empty", async () => {
        const all = ({
            actions,
            notActions,
            resources,
            notResources,
            principals,
            notPrincipals,
            conditions,
        }: Statement) => [
            ...[actions, notActions ?? "-", resources, notResources ?? "-"],
            ...[principals.length, notPrincipals?.length ?? "-", conditions.length],
        ];

        assert.deepEqual(
            await read(statement(ALLOWED, { Effect: "Deny", NotAction: [], NotResource: "*", NotPrincipal: "*" }), all),
            [
                'statement 1 of policy: [["sqs:SendMessage"],"-",["*"],"-",0,"-",0]',
                'statement 2 of policy: [[],[],[],["*"],0,1,0]',
            ],
        );
    });

    it("are judged in what is known although another element or statement is not", async () => {
        assert.deepEqual(await read(statement({ ...ALLOWED, Resource: UNKNOWN }, ALLOWED)), [
            'statement 1 of policy: ["sqs:SendMessage"]',
            'statement 2 of policy: ["sqs:SendMessage"]',
        ]);
        assert.deepEqual(await read(statement({ ...ALLOWED, Action: ["sqs:Get*", UNKNOWN] }, ALLOWED)), [
            unknown("policy.Statement.0.Action.1"),
            'statement 2 of policy: ["sqs:SendMessage"]',
        ]);
        assert.deepEqual(await read(queuePolicy({ Statement: [UNKNOWN, ALLOWED] })), [
            unknown("policy.Statement.0"),
            'statement 2 of policy: ["sqs:SendMessage"]',
        ]);
    });

    it("are passed by when they deny, but not when their effect is missing, unknown or in another case", async () => {
        const unclear = (index: number) =>
            `could not be judged: statement ${index} of policy has no effect Allow or Deny. Mend. [unreadable]`;
        const { Effect, ...without } = ALLOWED;

        assert.deepEqual(
            await read(
                statement(
                    { ...ALLOWED, Effect: "Deny" },
                    without,
                    { ...without, Effect: "allow" },
                    { ...without, Effect: UNKNOWN },
                    { ...without, Effect },
                ),
                undefined,
                eachAllowed,
            ),
            [
                unclear(2),
                unclear(3),
                unknown("policy.Statement.3.Effect"),
                'statement 5 of policy: ["sqs:SendMessage"]',
            ],
        );
    });

    it("can't be read when they are no objects", async () => {
        const unreadable =
            "could not be judged: a value that should be an object is something else. Mend. [unreadable]";

        assert.deepEqual(await read(queuePolicy({ Statement: ["text", ALLOWED] })), [
            unreadable,
            'statement 2 of policy: ["sqs:SendMessage"]',
        ]);
    });
});
