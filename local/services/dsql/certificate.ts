import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as selfsigned from "selfsigned";

/** A certificate for servers of this machine, which is its own authority. */
export interface Certificate {
    /** PEM. */
    readonly key: string;
    /** PEM. */
    readonly cert: string;
    /** File of the certificate, for those who are to trust it. */
    readonly caFile: string;
}

const DAY = 86_400_000;
const VALID_DAYS = 365;

/**
 * The certificate kept in a folder, for 127.0.0.1 and `name`; a new one when there is none, it ends within a month, or is for another
 * name. The key may be read by this user alone.
 *
 * @param name May begin with `*.`.
 */
export async function certificateIn(folder: string, name: string): Promise<Certificate> {
    const [keyFile, caFile] = ["key.pem", "certificate.pem"].map((name) => path.join(folder, name));
    if (!isGood(keyFile, caFile, name)) {
        const now = Date.now();
        const { private: key, cert } = await selfsigned.generate([{ name: "commonName", value: "quartet local run" }], {
            keyType: "ec",
            curve: "P-256",
            algorithm: "sha256",
            notBeforeDate: new Date(now - DAY),
            notAfterDate: new Date(now + VALID_DAYS * DAY),
            extensions: [
                { name: "basicConstraints", cA: true, critical: true },
                { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
                { name: "extKeyUsage", serverAuth: true },
                {
                    name: "subjectAltName",
                    altNames: [
                        { type: 7, ip: "127.0.0.1" },
                        { type: 2, value: name },
                    ],
                },
            ],
        });
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(keyFile, key, { mode: 0o600 });
        fs.writeFileSync(caFile, cert);
    }
    return { key: fs.readFileSync(keyFile, "utf8"), cert: fs.readFileSync(caFile, "utf8"), caFile };
}

function isGood(keyFile: string, caFile: string, name: string): boolean {
    if (!fs.existsSync(keyFile) || !fs.existsSync(caFile)) {
        return false;
    }
    const certificate = new crypto.X509Certificate(fs.readFileSync(caFile));
    const key = crypto.createPrivateKey(fs.readFileSync(keyFile));
    const names = certificate.subjectAltName?.split(", ") ?? [];
    return (
        Date.parse(certificate.validTo) > Date.now() + 30 * DAY &&
        names.includes(`DNS:${name}`) &&
        certificate.checkPrivateKey(key)
    );
}
