import { AccessLogBucket } from "../components/support/accessLogBucket";
import { Encryption } from "../components/support/encryption";
import { stackNames } from "../components/support/names";
import { accessPolicies } from "./accessPolicies";
import { CodePipeline } from "./codePipeline";
import { deployRole, previewRole, type GitHubRole } from "./githubRole";
import { githubProvider } from "./githubProvider";
import { scopeOf } from "./scope";
import { SecretsKey } from "./secretsKey";
import { readSettings } from "./settings";
import { StateBucket } from "./stateBucket";

const settings = readSettings();
const names = stackNames();

const encryption = new Encryption("data", { mode: "customer-key" });
const accessLogs = new AccessLogBucket("access-logs", { keepDays: 400 });
const state = new StateBucket("state", { encryption, accessLogs });
const provider = githubProvider(settings.createProvider);

const environments = settings.environments.map((environment) => {
    const scope = scopeOf(environment);
    return { environment, scope, policies: accessPolicies(scope), secrets: new SecretsKey(`secrets-${environment}`) };
});

const preview = previewRole({ settings, state, environments, dependsOn: provider });
const deployments = environments.map((each) => deployRole({ settings, state, ...each, dependsOn: provider }));

const pipeline = settings.codePipeline;
if (pipeline) {
    const each = environments.find(({ environment }) => environment === pipeline.environment)!;
    new CodePipeline("pipeline", { ...pipeline, ...each, settings, state, encryption, accessLogs });
}

// Last: the policies of keys name the roles made above.
environments.forEach(({ secrets }) => secrets.createKey());
encryption.createKey();

const byRole = (roles: readonly GitHubRole[]) => Object.fromEntries(roles.map(({ purpose, arn }) => [purpose, arn]));

export const stateBucket = state.bucketName;
export const backendUrl = `s3://${state.bucketName}?region=${names.region}`;
/** By stack of quartet, for `pulumi stack init --secrets-provider`. */
export const secretsProviders = Object.fromEntries(
    environments.map(({ environment, secrets }) => [environment, secrets.providerUrl]),
);
export const roleArns = byRole([preview, ...deployments]);
/** By stack of quartet: what each role that the stack makes must have as its permissions boundary. */
export const permissionsBoundaries = Object.fromEntries(
    environments.map(({ environment, scope }) => [environment, scope.boundaryArn]),
);
