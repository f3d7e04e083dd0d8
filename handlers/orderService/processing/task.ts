import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/**
 * ARN of the task that this container belongs to, as ECS tells it.
 *
 * @param metadataUri `ECS_CONTAINER_METADATA_URI_V4`
 * @throws When ECS does not tell it.
 */
export async function taskArn(metadataUri: string): Promise<string> {
    const response = await fetch(`${metadataUri}/task`, { signal: AbortSignal.timeout(5_000) });
    const { TaskARN } = (await response.json()) as { TaskARN?: string };
    if (!response.ok || !TaskARN) {
        throw new Error(`ECS_CONTAINER_METADATA_URI_V4 answers ${response.status} and tells no TaskARN`);
    }
    return TaskARN;
}

/** How often a container shows that it lives, in milliseconds. */
const BEAT_MS = 5_000;

/** Shows from now on that this program is not stuck, to the container's health check: by the time of a file. */
export function startHeartbeat(): void {
    const file = path.join(os.tmpdir(), "heartbeat");
    const beat = () => fs.writeFileSync(file, "");
    beat();
    setInterval(beat, BEAT_MS).unref();
}
