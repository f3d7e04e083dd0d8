import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { loadRules } from "../../policy/support/loadRules";
import { copyProject } from "../support/projectCopy";
import { runTool } from "../support/runTool";

interface Judged {
    readonly stacks: Readonly<
        Record<
            string,
            {
                readonly findings: readonly {
                    readonly level: string;
                    readonly rule: string;
                    readonly message: string;
                    readonly resource?: { readonly name: string };
                }[];
                readonly rules: number;
                readonly unjudgedTypes: readonly string[];
            }
        >
    >;
}

describe("npm run policy", () => {
    it("finds nothing mandatory in either stack of the program, and ends with code 0", async () => {
        const { code, stdout, stderr } = await runTool("policy", ["--json"]);

        assert.equal(code, 0, stderr);
        const { stacks } = JSON.parse(stdout) as Judged;
        assert.deepEqual(Object.keys(stacks), ["dev", "prod"]);
        for (const [stack, { findings, rules }] of Object.entries(stacks)) {
            assert.deepEqual(
                findings.filter(({ level }) => level === "mandatory"),
                [],
            );
            assert.equal(rules, loadRules().filter(({ levels }) => levels[stack as "dev"] !== "disabled").length);
        }
    });

    it("shows people what was judged, and the types that no rule looks at", async () => {
        const { stdout } = await runTool("policy", ["--stack", "prod"]);

        assert.match(stdout, /^prod: \d{3} resources, \d{2,3} rules$/m);
        assert.match(stdout, /^ {2}No rule looks at aws:[\w:/, -]+aws:cloudwatch\/dashboard:Dashboard/m);
        assert.match(stdout, /^ {2}Seen in a preview only, .*awsx:ec2:Vpc/m);
        assert.match(stdout, /^ {2}0 mandatory, \d+ advisory$/m);
    });

    it("ends with code 1 when a component falls short of a rule, naming rule, resource, fault and mend", async () => {
        const folder = copyProject("open bucket");
        const file = path.join(folder, "components/support/privateBucket.ts");
        const source = fs.readFileSync(file, "utf8");
        assert.ok(source.includes("blockPublicPolicy: true"));
        fs.writeFileSync(file, source.replace("blockPublicPolicy: true", "blockPublicPolicy: false"));

        const { code, stdout } = await runTool("policy", ["--stack", "dev", "--json"], { folder });

        assert.equal(code, 1);
        const { findings } = (JSON.parse(stdout) as Judged).stacks.dev;
        const [finding] = findings.filter(({ level }) => level === "mandatory");
        assert.equal(finding.rule, "s3-public-access-block");
        assert.match(
            finding.message,
            /^[\w-]+-public-access leaves blockPublicPolicy off\. Set blockPublicPolicy: true\./,
        );
    });

    it("names the stacks that there are when it is asked for another", async () => {
        const { code, stderr } = await runTool("policy", ["--stack", "staging"]);

        assert.equal(code, 1);
        assert.equal(stderr, "There is no stack staging (no file Pulumi.staging.yaml); the stacks are dev, prod.\n");
    });
});
