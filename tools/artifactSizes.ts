import * as esbuild from "esbuild";
import { bundleOptions, root } from "../components/support/bundle";
import { apiDescription } from "../components/support/openApi/apiDescription";
import { challengeApiRoutes } from "../handlers/challengeApi/routes";
import { eventIngestRoutes } from "../handlers/eventIngest/routes";
import type { Route } from "../handlers/shared/route";
import { loadPlan } from "../plan/load";
import { readProject } from "../plan/project";
import type { PlannedArchive } from "../plan/types";

/** Size of a function's artifact beside that of the same handler bundled by esbuild alone. */
export interface ArtifactSize {
    /** Name of the callback. */
    readonly name: string;
    readonly bytes: number;
    /** Bytes of a direct bundle with the same settings. */
    readonly directBytes: number;
    /** Bytes that it may have. */
    readonly limit: number;
}

/** Most bytes that serialisation may add to a direct bundle, as a ratio. */
export const MOST_OVERHEAD = 1.05;

/** The sizes of all functions of the program. */
export async function artifactSizes(): Promise<ArtifactSize[]> {
    const { resources } = await loadPlan(readProject(root, "dev"));
    const functions = resources.filter(({ type }) => type === "aws:lambda/function:Function");
    return Promise.all(
        functions.map(async ({ name: resourceName, inputs }) => {
            const name = resourceName.replace(/-function$/, "");
            const handler = handlers[name];
            if (!handler) {
                throw new Error(`tools/artifactSizes.ts has no limit for ${name}`);
            }
            const { bytes } = (inputs.code as PlannedArchive).archive["index.js"];
            return { name, bytes, directBytes: await directBytes(handler.entry), limit: handler.limit };
        }),
    );
}

const handlers: Readonly<Record<string, { entry: string; limit: number }>> = {
    "events-ingest": {
        entry: entry("eventIngest/ingestEvents", "ingestEventsFactory", "EventIngest", eventIngestRoutes()),
        limit: 300_000,
    },
    "challenge-answer": {
        entry: entry("challengeApi/api", "challengeApiFactory", "ChallengeApi", challengeApiRoutes()),
        limit: 32_000,
    },
};

/** What a program without Pulumi would bundle. */
function entry(file: string, factory: string, title: string, routes: readonly Route[]): string {
    const description = JSON.stringify(apiDescription({ title, routes }));
    return `import { ${factory} } from "./handlers/${file}";\nexport const handler = ${factory}(${description});`;
}

async function directBytes(contents: string): Promise<number> {
    const result = await esbuild.build({ ...bundleOptions, stdin: { contents, resolveDir: root, loader: "ts" } });
    return result.outputFiles[0].contents.byteLength;
}
