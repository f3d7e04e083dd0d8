import type { Statement } from "./statements";

/** What tells a statement from others in a finding: its Sid, or else its place, e.g. `statement 2`. */
export function labelOf({ place }: Statement): string {
    const [, number, sid] = /^(statement \d+)(?: \((.*)\))? of /s.exec(place) ?? [undefined, place];
    return sid ?? number;
}
