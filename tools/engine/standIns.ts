import * as fs from "node:fs";
import * as path from "node:path";
import { startComponentProvider } from "./componentProvider";
import { startProvider, type Computed } from "./provider";

/** What the Pulumi CLI needs to run without a cloud. */
export interface StandIns {
    /** Environment of the CLI. */
    readonly env: Readonly<Record<string, string>>;
    close(): void;
}

/**
 * Starts stand-ins for AWS's provider and for the plugin that makes awsx's components. They serve one run of the CLI at a
 * time.
 *
 * @param home A folder of its own for the CLI, which keeps its state there.
 * @param computed As of {@link startProvider}.
 */
export async function startStandIns(home: string, computed?: Computed): Promise<StandIns> {
    fs.mkdirSync(path.join(home, "state"), { recursive: true });
    const [aws, awsx] = await Promise.all([startProvider(computed), startComponentProvider()]);
    return {
        env: {
            // This Node first: the program must run on the version that its artifacts are tested on.
            PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
            HOME: home,
            PULUMI_HOME: path.join(home, "pulumi"),
            PULUMI_BACKEND_URL: `file://${path.join(home, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_DEBUG_PROVIDERS: `aws:${aws.port},awsx:${awsx.port}`,
        },
        close() {
            aws.close();
            awsx.close();
        },
    };
}
