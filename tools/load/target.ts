import * as s3 from "@aws-sdk/client-s3";
import { readProject } from "../../plan/project";
import { folder, localOutputs, stackOutputs } from "../stackOutputs";
import type { System, Target } from "./types";

/**
 * A stack as the target of a load: the local run, or a deployed one, whose callers' secrets come from the environment.
 *
 * @param client Id of the client whose token it is, on a deployed stack.
 * @throws When it does not run, or what the system needs is not given.
 */
export function targetOf(stack: string, system: System, client: string | undefined): Target {
    if (stack === "local") {
        const { adminCredentials, ...outputs } = localOutputs();
        const { endpoint, region, ...credentials } = adminCredentials;
        return {
            outputs: outputs as unknown as Target["outputs"],
            token: outputs.localToken as string,
            clientId: "local",
            apiKey: outputs.challengeApiKey as string,
            storage: new s3.S3Client({ endpoint, region, credentials, forcePathStyle: true }),
        };
    }
    if (system === "uploads" && client === undefined) {
        throw new Error(
            "--client is missing: name the client whose token QUARTET_TOKEN is, to find its finished files.",
        );
    }
    return {
        token: system === "challenge" ? "" : variable("QUARTET_TOKEN", "a client's token"),
        apiKey: system === "challenge" ? variable("QUARTET_API_KEY", "a key of ChallengeApi") : "",
        clientId: client ?? "",
        outputs: stackOutputs(stack) as unknown as Target["outputs"],
        storage: new s3.S3Client({ region: readProject(folder, stack).config["aws:region"] as string }),
    };
}

function variable(name: string, what: string): string {
    const value = process.env[name];
    if (!value) {
        throw new Error(`${name} is not set: a deployed stack is loaded with ${what} from this environment variable.`);
    }
    return value;
}
