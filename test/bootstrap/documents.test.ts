import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Plan } from "../../plan/types";
import { resource, resourcesOfType, statements } from "../support/plans";
import { account, bootstrapPlan, region } from "./support/bootstrapPlan";
import { attachedTo } from "./support/verdicts";

const state = `arn:aws:s3:::quartet-bootstrap-main-state-${account}`;
const role = (purpose: string) => `arn:aws:iam::${account}:role/quartet-bootstrap-main-${purpose}`;
const administration = {
    Sid: "Administration",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: "kms:*",
    Resource: "*",
};
const stateOf = (stack: string) => [
    `${state}/.pulumi/stacks/quartet/${stack}.*`,
    `${state}/.pulumi/history/quartet/${stack}/*`,
    `${state}/.pulumi/backups/quartet/${stack}/*`,
    `${state}/.pulumi/journal/quartet/${stack}/*`,
    `${state}/.pulumi/locks/organization/quartet/${stack}/*`,
];

/** What the policies of dev say, each in a file: the policies of prod say the same of prod. */
const folder = path.join(__dirname, "documents");
const files = fs.readdirSync(folder).map((file) => path.basename(file, ".json"));

describe("the documents of the bootstrap", () => {
    let plan: Plan;
    before(async () => {
        plan = await bootstrapPlan("main");
    });

    const policyOf = (name: string) => statements(resource(plan, "aws:iam/policy:Policy", name).inputs.policy);
    const rolePolicy = (purpose: string) =>
        statements(resource(plan, "aws:iam/rolePolicy:RolePolicy", `${purpose}-policy`).inputs.policy);
    const keyPolicy = (name: string) => statements(resource(plan, "aws:kms/key:Key", `${name}-key`).inputs.policy);

    for (const file of files) {
        it(`are exactly those of documents/${file}.json, for dev and for prod`, () => {
            const text = fs.readFileSync(path.join(folder, `${file}.json`), "utf8");
            const ofProd = text
                .replace(/quartet([-_])dev(?=[-_"])/g, "quartet$1prod")
                .replace(/boundary-dev\b/g, "boundary-prod")
                .replace(/(Tag\/env": )"dev"/g, '$1"prod"');

            assert.deepEqual(policyOf(file), JSON.parse(text));
            assert.deepEqual(policyOf(file.replace("dev", "prod")), JSON.parse(ofProd));
        });
    }

    it("are all there, and the attached ones each role's own", () => {
        const names = (purpose: string) =>
            attachedTo(plan, `quartet-bootstrap-main-${purpose}`)
                .map(({ name }) => name)
                .sort();
        const ofDev = files.filter((file) => !file.startsWith("boundary"));
        const reading = ofDev.filter((file) => file.startsWith("read"));

        assert.deepEqual(
            resourcesOfType(plan, "aws:iam/policy:Policy")
                .map(({ name }) => name)
                .sort(),
            [...files, ...files.map((file) => file.replace("dev", "prod"))].sort(),
        );
        assert.deepEqual(names("deploy-dev"), ofDev.sort());
        assert.deepEqual(names("deploy-prod"), ofDev.map((file) => file.replace("dev", "prod")).sort());
        assert.deepEqual(names("preview"), [...reading, ...reading.map((file) => file.replace("dev", "prod"))].sort());
    });

    it("let the role preview read the state of all stacks", () => {
        assert.deepEqual(rolePolicy("preview"), [
            { Sid: "ListState", Effect: "Allow", Action: "s3:ListBucket", Resource: state },
            {
                Sid: "ReadState",
                Effect: "Allow",
                Action: "s3:GetObject",
                Resource: [`${state}/.pulumi/meta.yaml`, ...stateOf("dev"), ...stateOf("prod")],
            },
        ]);
    });

    it("let a deployment read and write the state of its stack", () => {
        const keys = [`${state}/.pulumi/meta.yaml`, ...stateOf("prod")];

        assert.deepEqual(rolePolicy("deploy-prod"), [
            { Sid: "ListState", Effect: "Allow", Action: "s3:ListBucket", Resource: state },
            { Sid: "ReadState", Effect: "Allow", Action: "s3:GetObject", Resource: keys },
            { Sid: "WriteState", Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: keys },
        ]);
    });

    it("let prod's secrets be encrypted by its deployment, and decrypted by that and previews", () => {
        assert.deepEqual(keyPolicy("secrets-prod"), [
            administration,
            { Effect: "Allow", Principal: { AWS: role("preview") }, Action: ["kms:Decrypt"], Resource: "*" },
            {
                Effect: "Allow",
                Principal: { AWS: role("deploy-prod") },
                Action: ["kms:Decrypt", "kms:Encrypt"],
                Resource: "*",
            },
        ]);
    });

    it("let the state's key be used for the bucket of the state alone", () => {
        const use = (purpose: string, ...actions: string[]) => ({
            Effect: "Allow",
            Principal: { AWS: role(purpose) },
            Action: actions,
            Resource: "*",
            Condition: {
                StringEquals: {
                    "kms:ViaService": `s3.${region}.amazonaws.com`,
                    "kms:EncryptionContext:aws:s3:arn": state,
                },
            },
        });

        assert.deepEqual(keyPolicy("data"), [
            administration,
            use("preview", "kms:Decrypt"),
            use("deploy-dev", "kms:Decrypt", "kms:GenerateDataKey"),
            use("deploy-prod", "kms:Decrypt", "kms:GenerateDataKey"),
        ]);
    });

    it("are made after the roles that they name", () => {
        for (const { name, inputs, dependsOn } of resourcesOfType(plan, "aws:kms/key:Key")) {
            const named = new Set((inputs.policy as string).match(/(?<=:role\/)[\w-]+/g));
            const roles = resourcesOfType(plan, "aws:iam/role:Role").filter((each) =>
                named.has(String(each.inputs.name)),
            );

            assert.ok(roles.length > 0 && roles.length === named.size, name);
            assert.deepEqual(
                roles.filter(({ urn }) => !dependsOn.includes(urn)),
                [],
                name,
            );
        }
    });

    it("fit into what AWS takes: 6144 characters for a policy, 10 240 for a role's own, 10 policies for a role", () => {
        const lengths = (type: string) => resourcesOfType(plan, type).map(({ inputs }) => String(inputs.policy).length);

        assert.ok(Math.max(...lengths("aws:iam/policy:Policy")) <= 6144);
        assert.ok(Math.max(...lengths("aws:iam/rolePolicy:RolePolicy")) <= 10_240);
        for (const { inputs } of resourcesOfType(plan, "aws:iam/role:Role")) {
            assert.ok(attachedTo(plan, String(inputs.name)).length <= 10);
        }
    });
});
