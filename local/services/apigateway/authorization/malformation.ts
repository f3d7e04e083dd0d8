import * as crypto from "node:crypto";

/**
 * What AWS finds wrong with the form of an `Authorization` header of Signature Version 4; undefined when nothing is, and when there
 * is no such header. A client's token is shown as a hash alone.
 *
 * @param headers By lower-case name.
 */
export function malformation(headers: ReadonlyMap<string, string>): string | undefined {
    const authorization = headers.get("authorization");
    if (authorization === undefined) {
        return undefined;
    }
    const space = authorization.indexOf(" ");
    const pairs = (space < 0 ? "" : authorization.slice(space + 1)).split(",").map((pair) => pair.trim());
    const broken = pairs.find((pair) => !pair.includes("="));
    if (broken !== undefined) {
        return `Invalid key=value pair (missing equal-sign) in Authorization header (${HASHED}): '${hashed(broken)}'.`;
    }
    const values = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
    const missing = ["Credential", "Signature", "SignedHeaders"]
        .filter((name) => !values.get(name))
        .map((name) => `Authorization header requires '${name}' parameter. `);
    if (!headers.has("x-amz-date") && !headers.has("date")) {
        missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
    }
    if (missing.length > 0) {
        return `${missing.join("")}(${HASHED[0].toUpperCase()}${HASHED.slice(1)}) Authorization=${hashed(authorization)}`;
    }
    return (values.get("Credential") as string).split("/").length === 5
        ? undefined
        : "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term";
}

const HASHED = "hashed with SHA-256 and encoded with Base64";

function hashed(text: string): string {
    return crypto.createHash("sha256").update(text).digest("base64");
}
