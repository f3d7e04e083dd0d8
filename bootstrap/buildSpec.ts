/** The version of the Pulumi CLI that builds install. */
const PULUMI_VERSION = "3.255.0";

/**
 * What CodeBuild runs to preview or deploy a stack, with the policy pack, as GitHub's workflows do.
 *
 * @param environment The stack.
 */
export function buildSpec(step: "preview" | "deploy", environment: string): string {
    const pack = `--policy-pack policy --policy-pack-config policy/${environment === "dev" ? "dev" : "prod"}.json`;
    const command = step === "preview" ? "preview --diff" : "up --yes --skip-preview";
    return JSON.stringify({
        version: 0.2,
        phases: {
            install: {
                "runtime-versions": { nodejs: 22 },
                commands: [
                    `curl -fsSL https://get.pulumi.com | sh -s -- --version ${PULUMI_VERSION}`,
                    'export PATH="$HOME/.pulumi/bin:$PATH"',
                    "npm ci",
                    // The version of Node that the artifacts are tested on.
                    'export PATH="$PWD/node_modules/.bin:$PATH"',
                ],
            },
            build: {
                commands: [
                    ...(step === "preview" ? ["npm run check", "npm test"] : []),
                    `pulumi ${command} --non-interactive --stack ${environment} ${pack}`,
                ],
            },
        },
    });
}
