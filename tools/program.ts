import * as fs from "node:fs";
import * as path from "node:path";
import { bundleProgram } from "../components/support/bundle";
import { run } from "./run";

// What the Dockerfile's build stage calls: `tools/program.ts ENTRY FILE [SHA256]` bundles a program into a file, and refuses to write
// other bytes than those that were declared.

run(async () => {
    const [entry, file, declared] = process.argv.slice(2);
    if (!entry || !file) {
        throw new Error(
            "Which program, and where to? Call it with the path of a TypeScript module and that of a file.",
        );
    }
    const { code, sha256 } = await bundleProgram(entry);
    if (declared && declared !== sha256) {
        throw new Error(
            `program ${entry} has the SHA-256 ${sha256} here, but ${declared} where it was declared: install what package-lock.json says, there and here.`,
        );
    }
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, code);
});
