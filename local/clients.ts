import * as crypto from "node:crypto";
import type { Project } from "../plan/project";
import { randomToken, type Secrets } from "./secrets";

/** Tokens of the two clients that the local run adds to a stack. */
export interface LocalClients {
    readonly local: string;
    readonly other: string;
}

/** The tokens, made once and kept. */
export function localClients(secrets: Secrets): LocalClients {
    return { local: secrets.get("token local", randomToken), other: secrets.get("token local-other", randomToken) };
}

/**
 * The project with the local clients admitted: a stack knows its clients by digests of their tokens, so that nobody could
 * call it here without a token of our own making. A project without `<project>:clients` stays as it is.
 */
export function withLocalClients(project: Project, { local, other }: LocalClients): Project {
    const key = `${project.name}:clients`;
    if (!(key in project.config)) {
        return project;
    }
    const clients = { ...(project.config[key] as object), local: [digest(local)], "local-other": [digest(other)] };
    return { ...project, config: { ...project.config, [key]: clients } };
}

function digest(token: string): string {
    return crypto.createHash("sha256").update(token).digest("hex");
}
