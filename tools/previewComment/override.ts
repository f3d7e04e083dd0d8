/** The label that, together with a reason, lets the guard's findings pass. */
export const LABEL = "allow-replacement";

/** A pull request, as GitHub's API tells of it. */
export interface PullRequestText {
    readonly body: string | null;
    readonly labels: readonly { readonly name: string }[];
    /** Once it is merged, the commit that it became. */
    readonly merge_commit_sha?: string | null;
}

/** What a pull request says to the guard. */
export interface Override {
    readonly label: "present" | "absent";
    /** One line, or "". */
    readonly reason: string;
}

/** Reads label and reason of a pull request: the first line of its description that begins with `Allow-replacement:`. */
export function overrideOf(request: PullRequestText | undefined): Override {
    const present = request?.labels.some(({ name }) => name === LABEL) ?? false;
    const reason = /^Allow-replacement:(.*)$/im.exec(request?.body ?? "")?.[1] ?? "";
    // More than a line would be a further output of the step that prints it.
    return { label: present ? "present" : "absent", reason: reason.replace(/[\p{Cc}\p{Cf}]/gu, "").trim() };
}
