import * as assert from "node:assert/strict";
import { createIam } from "../../../local/services/iam/iam";
import { resource, trustOf } from "./support/resources";

const ROLE = "arn:aws:iam::123456789012:role/worker";
const POLICY = "arn:aws:iam::123456789012:policy/shared";
const AWS_MANAGED = "arn:aws:iam::aws:policy/AdministratorAccess";

const text = (Action: string) =>
    JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action, Resource: "*" } });
const role = (inputs: object = {}) =>
    resource(
        "aws:iam/role:Role",
        { name: "worker", assumeRolePolicy: trustOf({ Service: "lambda.amazonaws.com" }), ...inputs },
        { arn: ROLE, name: "worker", uniqueId: "AROATEST" },
    );
const rolePolicy = (name: string, inputs: object = {}) =>
    resource("aws:iam/rolePolicy:RolePolicy", { role: "worker", policy: text("s3:GetObject"), ...inputs }, { name });
const shared = resource("aws:iam/policy:Policy", { policy: text("sqs:*") }, { arn: POLICY, name: "shared" });
const attachment = (policyArn: string) =>
    resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "worker", policyArn });

describe("createIam", () => {
    let iam: ReturnType<typeof createIam>;
    const apply = (...resources: readonly ReturnType<typeof resource>[]) =>
        resources.forEach((one) => void iam.apply[one.type](one));
    const places = () => iam.find(ROLE)?.policies.map(({ place }) => place);

    beforeEach(() => {
        iam = createIam();
    });

    it("gathers a role's policies from all places that a program can declare them in", () => {
        apply(
            shared,
            role({ inlinePolicies: [{ name: "inline", policy: text("s3:*") }, {}] }),
            rolePolicy("own"),
            attachment(POLICY),
        );
        void iam.ready?.();
        assert.deepEqual(places(), [
            "policy inline of role worker",
            "policy own of role worker",
            "policy shared, attached to role worker",
        ]);
    });

    it("attaches a role's managedPolicyArns, and finds a role by its ARN", () => {
        apply(shared, role({ managedPolicyArns: [POLICY] }), rolePolicy("own", { role: ROLE }));
        void iam.ready?.();
        assert.deepEqual(places(), ["policy own of role worker", "policy shared, attached to role worker"]);
    });

    it("bounds a role by a declared policy, and leaves out a boundary that another program declares", () => {
        const foreign = "arn:aws:iam::222222222222:policy/of-the-account";
        apply(shared, role({ permissionsBoundary: POLICY }));
        const [bounded] = [iam.find(ROLE)?.boundary?.place];
        apply(role({ permissionsBoundary: foreign }));

        assert.equal(bounded, "policy shared, the permissions boundary of role worker");
        assert.equal(iam.find(ROLE)?.boundary, undefined);
    });

    it("keeps only the inline policies that RolePoliciesExclusive names", () => {
        const exclusive = resource("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", {
            roleName: "worker",
            policyNames: ["own"],
        });
        apply(role(), exclusive, rolePolicy("own"), rolePolicy("other"));
        void iam.ready?.();
        assert.deepEqual(places(), ["policy own of role worker"]);
    });

    it("lets a changed plan take effect as a whole, and forgets what it no longer declares", () => {
        apply(role(), rolePolicy("own"));
        void iam.ready?.();
        apply(role());
        assert.deepEqual(places(), ["policy own of role worker"]);
        void iam.ready?.();
        assert.deepEqual(places(), []);
        void iam.ready?.();
        assert.equal(iam.find(ROLE), undefined);
    });

    const refused: [string, () => void, RegExp][] = [
        [
            "AWS's own policies by attachment",
            () => apply(role(), attachment(AWS_MANAGED)),
            /role worker: the policy arn:aws:iam::aws:policy\/AdministratorAccess is AWS's own/,
        ],
        [
            "AWS's own policies by managedPolicyArns",
            () => apply(role({ managedPolicyArns: [AWS_MANAGED] })),
            /role worker: the policy arn:aws:iam::aws/,
        ],
        [
            "a policy of a role that is not declared",
            () => apply(rolePolicy("own")),
            /policy own: the role worker is not declared/,
        ],
        [
            "a trust policy with a resource",
            () =>
                apply(
                    role({
                        assumeRolePolicy: {
                            Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole", Resource: "*" },
                        },
                    }),
                ),
            /trust policy of role worker: .*names no resource/,
        ],
        [
            "a policy that does not parse",
            () => apply(role(), rolePolicy("own", { policy: "{" })),
            /policy own of role worker: the policy document is not valid/,
        ],
    ];
    for (const [what, act, message] of refused) {
        it(`stops at ${what}`, () => assert.throws(act, message));
    }
});
