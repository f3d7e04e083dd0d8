import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import * as selfsigned from "selfsigned";

/** An OpenID Connect issuer on 127.0.0.1, as far as its keys. */
export interface Issuer {
    /** Its name, as in the claim `iss`. */
    readonly url: string;
    readonly jwksUri: string;
    /** File of the certificate that the server shows. */
    readonly certificateFile: string;
    /** Fetches of the keys up to now. */
    fetches(): number;
    /** What the keys' address answers; set it to change it. @default 200 and the keys that were added */
    answer: () => { readonly status: number; readonly body: string };
    addKey(kid: string): crypto.KeyPairKeyObjectResult;
    /** Ends the server alone; its address refuses connections from then on. */
    goDown(): Promise<void>;
    /** Ends the server, and removes the file. */
    close(): Promise<void>;
}

/** Starts an issuer with one key, `k1`. */
export async function startIssuer(): Promise<Issuer & { readonly key: crypto.KeyPairKeyObjectResult }> {
    const certificate = await selfsigned.generate([{ name: "commonName", value: "127.0.0.1" }], {
        ...{ algorithm: "sha256", keyType: "ec", curve: "P-256" },
        extensions: [
            { name: "basicConstraints", cA: true },
            { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
        ],
    });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "issuer-"));
    const certificateFile = path.join(folder, "cert.pem");
    fs.writeFileSync(certificateFile, certificate.cert);
    const keys: object[] = [];
    let fetches = 0;
    const server = https.createServer({ key: certificate.private, cert: certificate.cert }, (_, response) => {
        fetches++;
        const { status, body } = issuer.answer();
        response.writeHead(status, { "content-type": "application/json", connection: "close" }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const issuer: Issuer = {
        ...{ url, certificateFile, jwksUri: `${url}/keys` },
        fetches: () => fetches,
        answer: () => ({ status: 200, body: JSON.stringify({ keys }) }),
        addKey(kid) {
            const pair = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
            keys.push({ ...pair.publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" });
            return pair;
        },
        goDown: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
        async close() {
            await issuer.goDown();
            fs.rmSync(folder, { recursive: true });
        },
    };
    return Object.assign(issuer, { key: issuer.addKey("k1") });
}

/** A JSON Web Token, signed as its header says. */
export function jwt(header: { alg: string; [name: string]: unknown }, claims: object, key: crypto.KeyLike): string {
    const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${text}.${signature(header.alg, text, key).toString("base64url")}`;
}

function signature(algorithm: string, text: string, key: crypto.KeyLike): Buffer {
    switch (algorithm) {
        case "RS256":
            return crypto.sign("RSA-SHA256", Buffer.from(text), key);
        case "HS256":
            return crypto.createHmac("sha256", key).update(text).digest();
        default:
            return Buffer.alloc(0);
    }
}
