// Lets Node load the TypeScript of this repository: `node --require ./tools/register.cjs file.ts`.
//
// The text must be TypeScript's own output, as in Pulumi's engine: Pulumi serialises a function as it was compiled, so
// another compiler would give another artifact. Compiled files are cached by content: a second start loads no compiler.
const crypto = require("node:crypto");
const fs = require("node:fs");
const module_ = require("node:module");
const path = require("node:path");

const root = path.dirname(__dirname);
const cache = path.join(root, ".cache", "typescript");
const config = fs.readFileSync(path.join(root, "tsconfig.json"), "utf8");
const { version } = require("typescript/package.json");

module_.enableCompileCache(path.join(root, ".cache", "v8"));

require.extensions[".ts"] = (module, filename) => {
    const source = fs.readFileSync(filename, "utf8");
    const key = crypto.createHash("sha256").update(`${version}\0${config}\0${filename}\0${source}`).digest("hex");
    const compiled = path.join(cache, `${key}.js`);
    let text;
    try {
        text = fs.readFileSync(compiled, "utf8");
    } catch {
        text = compile(filename, source);
        fs.mkdirSync(cache, { recursive: true });
        fs.writeFileSync(`${compiled}.${process.pid}`, text);
        fs.renameSync(`${compiled}.${process.pid}`, compiled);
    }
    module._compile(text, filename);
};

function compile(fileName, source) {
    const ts = require("typescript");
    const { compilerOptions } = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile).config;
    const { options } = ts.convertCompilerOptionsFromJson(
        { ...compilerOptions, noEmit: false, inlineSourceMap: true },
        root,
    );
    return ts.transpileModule(source, { fileName, compilerOptions: options }).outputText;
}
