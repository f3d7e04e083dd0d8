import * as assert from "node:assert/strict";
import { rule as keyScoped } from "../../../policy/rules/kms/kms-key-policy-scoped";
import { document, unknown } from "../support/iamRoles";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const own = "111111111111";
const key = (...statements: object[]): Declared => ({
    type: "aws:kms/key:Key",
    props: {
        policy: document(
            ...statements.map((each) => ({ Effect: "Allow", Action: "kms:Decrypt", Resource: "*", ...each })),
        ),
    },
});

describe("kms-key-policy-scoped", () => {
    const mend = "Name principals in the policy, or demand kms:CallerAccount, aws:PrincipalArn or aws:PrincipalOrgID.";
    const noPolicy = "it has no policy of its own. Set policy of the key, or add a KeyPolicy. [policy]";
    const keyPolicy = (keyId: string, refers = {}): Declared => ({
        type: "aws:kms/keyPolicy:KeyPolicy",
        name: "policy",
        props: { keyId, policy: UNKNOWN },
        refers,
    });

    it("takes a key with a policy, its own or one of a resource", async () => {
        assert.deepEqual(await judgeStack(keyScoped, [key({ Principal: { AWS: own } })]), []);
        assert.deepEqual(await judgeStack(keyScoped, [{ type: "aws:kms/key:Key", props: { policy: UNKNOWN } }]), []);
        const bare: Declared = { type: "aws:kms/key:Key", outputs: { id: "a-b", policy: UNKNOWN } };
        assert.deepEqual(await judgeStack(keyScoped, [bare, keyPolicy("a-b")]), []);
        assert.deepEqual(await judgeStack(keyScoped, [bare, keyPolicy(UNKNOWN, { keyId: ["it"] })]), []);
        assert.deepEqual(await judgeStack(keyScoped, [bare, keyPolicy("c-d")]), [noPolicy]);
    });

    it("refuses a key without a policy, whatever AWS gives it", async () => {
        for (const outputs of [{}, { policy: UNKNOWN }, { policy: "{}" }]) {
            assert.deepEqual(await judgeStack(keyScoped, [{ type: "aws:kms/key:Key", outputs }]), [noPolicy]);
        }
    });

    for (const [title, Condition] of [
        [
            "of an account",
            { StringEquals: { "kms:CallerAccount": own, "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
        ],
        ["of an organization", { StringEquals: { "aws:PrincipalOrgID": "o-quartet" } }],
    ] as const) {
        it(`takes everybody ${title}`, async () => {
            assert.deepEqual(await judge(keyScoped, key({ Principal: "*", Condition })), []);
        });
    }

    for (const [title, Condition] of [
        ["without a condition", undefined],
        [
            "by a service, which those of other accounts use as well",
            { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
        ],
        ["of any account", { StringLike: { "kms:CallerAccount": "*" } }],
    ] as const) {
        it(`refuses everybody ${title}`, async () => {
            const statement = { Principal: { AWS: "*" }, ...(Condition && { Condition }) };
            for (const type of ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"]) {
                assert.deepEqual(await judge(keyScoped, { ...key(statement), type }), [
                    `it lets everybody in by statement 1 of policy. ${mend} [statement 1]`,
                ]);
            }
        });
    }

    it("refuses to lock out the account, and judges the policy beside what is known only after a deployment", async () => {
        const { type, props } = key({ Principal: "*" });
        const everybody = `it lets everybody in by statement 1 of policy. ${mend} [statement 1]`;
        for (const [bypassPolicyLockoutSafetyCheck, fault] of [
            [
                true,
                "it may get a policy that locks the account out. " +
                    "Leave bypassPolicyLockoutSafetyCheck out. [bypassPolicyLockoutSafetyCheck]",
            ],
            [UNKNOWN, `it ${unknown("bypassPolicyLockoutSafetyCheck")}`],
        ]) {
            assert.deepEqual(await judge(keyScoped, { type, props: { ...props, bypassPolicyLockoutSafetyCheck } }), [
                fault,
                everybody,
            ]);
        }
        assert.deepEqual(await judge(keyScoped, { type, props: { bypassPolicyLockoutSafetyCheck: false } }), []);
        assert.deepEqual(await judge(keyScoped, { type, props: { policy: UNKNOWN } }), [`it ${unknown("policy")}`]);
    });
});
