import * as crypto from "node:crypto";
import { parseArgs } from "node:util";
import { readProject } from "../plan/project";
import { randomToken } from "../local/secrets";
import { run } from "./run";
import { folder } from "./stackOutputs";

// The command `npm run token -- <client>`: makes a token, prints it once, and the config line that admits it.

run(() => {
    const { positionals } = parseArgs({ allowPositionals: true });
    const [client] = positionals;
    if (positionals.length !== 1 || !/^[\w-]{1,64}$/.test(client)) {
        throw new Error("Name the client: npm run token -- <client>, 1 to 64 of a-z, A-Z, 0-9, _ and -.");
    }
    const token = randomToken();
    const digest = crypto.createHash("sha256").update(token).digest("hex");
    const { name } = readProject(folder, "dev");
    console.log(`Token of ${client}, printed only now:\n\n  ${token}\n`);
    console.log(`Admit it in Pulumi.<stack>.yaml; beside a digest that is there already, both are valid:\n`);
    console.log(`  ${name}:clients:\n    ${client}: ["${digest}"]\n`);
    console.log(`or: pulumi config set --stack <stack> --path '${name}:clients.${client}[0]' ${digest}`);
});
