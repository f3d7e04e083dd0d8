/** Text from elsewhere as it may stand in a table: no Markdown, no HTML, no mention of a person, no line of its own. */
export function cell(text: string): string {
    // GitHub looks for mentions and references after it has resolved entities, though not within code.
    return entities(oneLine(text)).replace(/&#64;|&#35;/g, "$&&#8203;");
}

/** A name from elsewhere in the font of code, also within a table. */
export function code(text: string): string {
    return `<code>${entities(oneLine(text))}</code>`;
}

/** Lines from elsewhere, as they are. */
export function block(text: string): string {
    // In HTML, unlike between backticks, no text can end the block.
    return `<pre>${entities(text).replace(/\r?\n/g, "&#10;")}</pre>`;
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
    const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function oneLine(text: string): string {
    return text.replace(/\s+/g, " ").trim();
}

/** Replaces whatever Markdown or HTML could take for its own. */
function entities(text: string): string {
    return text.replace(UNSEEN, "").replace(SPECIAL, (sign) => `&#${sign.codePointAt(0)};`);
}

/** What shows nothing, or turns the order of what is shown: control characters other than tab and line ends. */
const UNSEEN = /(?![\t\r\n])[\p{Cc}\p{Cf}]/gu;

/** The colon and the dot only where they would make a link. */
const SPECIAL = /[&<>"'`|*_~#@[\]()!\\]|:(?=\/\/)|(?<=\bwww)\./g;
