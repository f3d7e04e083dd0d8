import { invalidParameter, invalidValue } from "../errors";
import { optionalInteger, optionalText, type Input } from "../input";

/** The part of a list that a request asks for by `MaxResults` and `NextToken`; `rest` has the next token, if there is more. */
export function page<T>(input: Input, all: readonly T[]): { items: readonly T[]; rest: { NextToken?: string } } {
    const max = optionalInteger(input, "MaxResults", {
        from: 1,
        to: MOST,
        reason: `MaxResults must be an integer between 1 and ${MOST}.`,
    });
    const token = optionalText(input, "NextToken");
    if (token !== undefined && max === undefined) {
        throw invalidParameter("MaxResults must be set when NextToken is set.");
    }
    const start = token === undefined ? 0 : Number(Buffer.from(token, "base64").toString());
    if (!Number.isInteger(start)) throw invalidValue(token, "NextToken", "It is no token of this operation.");
    const end = start + (max ?? MOST);
    const more = max !== undefined && end < all.length;
    return {
        items: all.slice(start, end),
        rest: more ? { NextToken: Buffer.from(String(end)).toString("base64") } : {},
    };
}

const MOST = 1000;
