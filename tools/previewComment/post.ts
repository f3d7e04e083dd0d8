import { spawnSync } from "node:child_process";
import { MARKER } from "./comment";

/** Where a comment belongs. */
export interface PullRequest {
    /** `owner/name`. */
    readonly repository: string;
    readonly number: number;
}

/**
 * Posts a comment with GitHub's CLI, whose token is in `GH_TOKEN`: updates the one that it made before, if there is one.
 *
 * @param text Begins with the marker of `comment`.
 * @returns Which of both it did.
 * @throws When there is no CLI, or GitHub refuses, with GitHub's reason.
 */
export function post(text: string, { repository, number }: PullRequest): "updated" | "made" {
    const path = `repos/${repository}/issues/${number}/comments`;
    const present = commentsOf(path).find(isOurs);
    if (present) {
        github(`repos/${repository}/issues/comments/${present.id}`, "PATCH", { body: text });
        return "updated";
    }
    github(path, "POST", { body: text });
    return "made";
}

/**
 * Asks GitHub's API.
 *
 * @param body Sent as JSON.
 * @throws When there is no CLI, or GitHub refuses.
 */
export function github(path: string, method = "GET", body?: unknown): unknown {
    const args = ["api", path, "--method", method, ...(body === undefined ? [] : ["--input", "-"])];
    const input = body === undefined ? undefined : JSON.stringify(body);
    const { error, status, stdout, stderr } = spawnSync("gh", args, { input, encoding: "utf8", maxBuffer: 1e8 });
    if (error) {
        throw new Error("There is no gh on PATH: install GitHub's CLI, and give it a token in GH_TOKEN.", {
            cause: error,
        });
    }
    if (status !== 0) {
        throw new Error(`GitHub did not take ${method} ${path}: ${stderr.trim()}`);
    }
    return JSON.parse(stdout);
}

interface Comment {
    readonly id: number;
    readonly body: string;
    readonly user: { readonly login: string } | null;
}

/** All comments, the oldest first, page by page. */
function commentsOf(path: string): Comment[] {
    const all: Comment[] = [];
    for (let page = 1; ; page++) {
        const comments = github(`${path}?per_page=${PAGE}&page=${page}`) as Comment[];
        all.push(...comments);
        if (comments.length < PAGE) {
            return all;
        }
    }
}

/** The most that GitHub gives at once. */
const PAGE = 100;

/** A person may quote the marker; the token of a job writes as this user. */
function isOurs({ body, user }: Comment): boolean {
    return user?.login === "github-actions[bot]" && body.startsWith(MARKER);
}
