import { PolicyPack, type PolicyPackConfig } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { observeStack } from "./support/configuredStack";
import { levelsOf } from "./support/levels";
import { loadRules } from "./support/loadRules";
import { readPackConfig } from "./support/packConfig";
import { toPolicies } from "./support/toPolicies";

// Serves the pack: loading this file starts a server, so tests load rules instead.

const rules = loadRules();
const configs = { dev: readPackConfig(__dirname, "dev", rules), prod: readPackConfig(__dirname, "prod", rules) };
// Read when an engine asks for the policies, which is after it said which stack it is.
const config: PolicyPackConfig = {};
observeStack((stack) => Object.assign(config, configs[levelsOf(stack)]));
new PolicyPack("quartet", { policies: toPolicies(rules, pulumi.getStack()) }, config);
