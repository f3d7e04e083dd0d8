import { stripVTControlCharacters } from "node:util";

/**
 * Text of others as part of one line, at most 500 characters of it: without colours, and without line breaks and control
 * characters, which could begin a line of their own, and without `##[`, which GitHub's runner takes for a command anywhere in a line.
 * Source: actions/runner, src/Runner.Common/ActionCommand.cs.
 */
export function oneLine(text: string): string {
    const line = stripVTControlCharacters(text)
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
        .trim();
    const short = line.length > 500 ? `${line.slice(0, 499)}…` : line;
    return short.replaceAll("##[", "## [");
}
