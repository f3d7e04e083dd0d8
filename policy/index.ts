import * as fs from "node:fs";
import * as path from "node:path";
import { PolicyPack, type PolicyPackConfig } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { levelsOf } from "./support/levels";
import { loadRules } from "./support/loadRules";
import { toPolicies } from "./support/toPolicies";

// Serves the pack: loading this file starts a server, so tests load rules instead.

const stack = pulumi.getStack();
const file = path.join(__dirname, `${levelsOf(stack)}.json`);
new PolicyPack(
    "quartet",
    { policies: toPolicies(loadRules(), stack) },
    JSON.parse(fs.readFileSync(file, "utf8")) as PolicyPackConfig,
);
