import * as fs from "node:fs";
import * as path from "node:path";
import type * as esbuild from "esbuild";

/**
 * Leaves out of the AWS SDK what neither a Lambda function nor a container on Fargate runs: about 190 kB of an S3 client. Requests
 * on the wire are the same. With it, `AWS_PROFILE`, SSO, processes, web identity and instance metadata are no sources of credentials.
 */
export const leanSdk: esbuild.Plugin = {
    name: "lean-sdk",
    setup(build) {
        // A function is given its keys in the environment; a container, by the endpoint that the environment names.
        build.onLoad({ filter: /credential-provider-node\/dist-es\/index\.js$/ }, ({ path: file }) => ({
            resolveDir: path.dirname(file),
            contents: `import { fromEnv } from "@aws-sdk/credential-provider-env";
                import { fromHttp } from "@aws-sdk/credential-provider-http";
                import { memoizeChain } from "./runtime/memoize-chain";
                const byHttp = ({ AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI }) =>
                    AWS_CONTAINER_CREDENTIALS_FULL_URI || AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
                const expired = ({ expiration }) => expiration !== undefined && expiration.getTime() - Date.now() < 300_000;
                export const defaultProvider = (init) =>
                    memoizeChain([() => (byHttp(process.env) ? fromHttp(init) : fromEnv(init))()], expired);`,
        }));
        // Only the version of a package is read, for the user agent.
        build.onLoad({ filter: /@(aws-sdk|smithy)\/[^/]+\/package\.json$/ }, ({ path: file }) => {
            const { version } = JSON.parse(fs.readFileSync(file, "utf8")) as { version: string };
            return { loader: "json", contents: JSON.stringify({ version }) };
        });
        // Object keys that are constants keep the schemas of unused operations alive; a literal key has no side effect.
        build.onLoad({ filter: /@aws-sdk\/.+\/schemas\/schemas_\d+\.js$/ }, ({ path: file }) => {
            const text = fs.readFileSync(file, "utf8");
            const literals = Array.from(
                text.matchAll(/^const (\w+) = ("[^"\\]*");$/gm),
                ([, id, value]) => [id, value] as const,
            );
            const constants = new Map(literals);
            const contents = text.replace(/\[(\w+)\]:/g, (all, id: string) =>
                constants.has(id) ? `[${constants.get(id)}]:` : all,
            );
            return { contents };
        });
    },
};
