import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** What the local run makes up once and keeps: tokens, keys, and values that AWS would generate. */
export interface Secrets {
    /** The value under a name, made at first use. */
    get(name: string, make: () => string): string;
}

/** Secrets in a file that only its owner may read. */
export function openSecrets(file: string): Secrets {
    const values = read(file);
    return {
        get(name, make) {
            if (values[name] === undefined) {
                values[name] = make();
                save(file, values);
            }
            return values[name];
        },
    };
}

/** 256 random bits, as the tokens of clients are. */
export function randomToken(): string {
    return crypto.randomBytes(32).toString("base64url");
}

function read(file: string): Record<string, string> {
    return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, string>) : {};
}

function save(file: string, values: Record<string, string>): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writePrivate(file, JSON.stringify(values, undefined, 2));
}

/** Replaces a file as a whole; only its owner may read it. */
export function writePrivate(file: string, text: string): void {
    const next = `${file}.${process.pid}`;
    fs.writeFileSync(next, text, { mode: 0o600 });
    fs.renameSync(next, file);
}
