import * as esbuild from "esbuild";
import { bundleOptions, root } from "../components/support/bundle";
import { apiDescription } from "../components/support/openApi/apiDescription";
import { challengeApiRoutes } from "../handlers/challengeApi/routes";
import { eventIngestRoutes } from "../handlers/eventIngest/routes";
import { authorizedRoutes, type Route } from "../handlers/shared/route";
import { orderServiceRoutes } from "../handlers/orderService/routes";
import { uploadPipelineRoutes } from "../handlers/uploadPipeline/routes";
import { MOST_BYTES, type UploadLimits } from "../handlers/uploadPipeline/uploadSchema";
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

/** What both stacks allow: other numbers change a few bytes. */
const uploadLimits: UploadLimits = { extensions: [], maxBytes: MOST_BYTES };

const handlers: Readonly<Record<string, { entry: string; limit: number }>> = {
    "events-ingest": {
        entry: entry(
            "eventIngest/ingestEvents",
            "ingestEventsFactory",
            description("EventIngest", eventIngestRoutes()),
        ),
        limit: 300_000,
    },
    "challenge-answer": {
        entry: entry("challengeApi/api", "challengeApiFactory", description("ChallengeApi", challengeApiRoutes())),
        limit: 32_000,
    },
    "uploads-authorize": {
        entry: entry(
            "shared/authorizeTokens",
            "authorizeTokensFactory",
            authorizedRoutes(uploadPipelineRoutes(uploadLimits)),
        ),
        limit: 8_500,
    },
    "uploads-request": {
        entry: entry("uploadPipeline/requestUpload", "requestUploadFactory", uploadLimits),
        limit: 384_000,
    },
    "uploads-confirm": {
        entry: entry("uploadPipeline/confirmUpload", "confirmUploadFactory", uploadLimits),
        limit: 416_000,
    },
    "uploads-update": {
        entry: entry("uploadPipeline/updateStatus", "updateStatusFactory", uploadLimits),
        limit: 138_000,
    },
    "uploads-consult": {
        entry: entry(
            "uploadPipeline/consultStatus",
            "consultStatusFactory",
            ...[uploadLimits, description("UploadPipeline", uploadPipelineRoutes(uploadLimits))],
        ),
        limit: 142_000,
    },
    "uploads-fail": { entry: entry("uploadPipeline/failUpload", "failUploadFactory"), limit: 305_000 },
    "uploads-sweep": { entry: entry("uploadPipeline/sweepUploads", "sweepUploadsFactory"), limit: 402_000 },
    "uploads-migrate": { entry: entry("uploadPipeline/migrate", "migrateFactory"), limit: 126_000 },
    "orders-authorize": {
        entry: entry("shared/authorizeTokens", "authorizeTokensFactory", authorizedRoutes(orderServiceRoutes())),
        limit: 8_500,
    },
    "orders-create": { entry: entry("orderService/createOrder", "createOrderFactory", "task"), limit: 292_000 },
    "orders-replace": { entry: entry("orderService/replaceOrder", "replaceOrderFactory", "task"), limit: 292_000 },
    "orders-list": { entry: entry("orderService/listOrders", "listOrdersFactory"), limit: 243_000 },
    "orders-get": {
        entry: entry("orderService/getOrder", "getOrderFactory", description("OrderService", orderServiceRoutes())),
        limit: 247_000,
    },
    "orders-delete": { entry: entry("orderService/deleteOrder", "deleteOrderFactory"), limit: 238_000 },
    "orders-stopped": { entry: entry("orderService/taskStopped", "taskStoppedFactory", "task"), limit: 232_000 },
    "orders-sweep": { entry: entry("orderService/sweepOrders", "sweepOrdersFactory", "task"), limit: 283_000 },
    "uploads-promote": { entry: entry("uploadPipeline/promoteUpload", "promoteUploadFactory"), limit: 308_000 },
};

/** What a program without Pulumi would bundle. */
function entry(file: string, factory: string, ...args: unknown[]): string {
    const values = args.map((value) => JSON.stringify(value)).join(", ");
    return `import { ${factory} } from "./handlers/${file}";\nexport const handler = ${factory}(${values});`;
}

function description(title: string, routes: readonly Route[]): string {
    return apiDescription({ title, routes });
}

async function directBytes(contents: string): Promise<number> {
    const result = await esbuild.build({ ...bundleOptions, stdin: { contents, resolveDir: root, loader: "ts" } });
    return result.outputFiles[0].contents.byteLength;
}
