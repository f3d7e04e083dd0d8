const fs = require("node:fs");
const path = require("node:path");
const { runtimeError } = require("./errors.cjs");

/**
 * Loads `index.handler` and the like: a file below the task root, then the properties of its exports.
 *
 * Throws `Runtime.MalformedHandlerName`, `Runtime.ImportModuleError`, `Runtime.UserCodeSyntaxError`, `Runtime.HandlerNotFound`,
 * `Runtime.CallbackHandlerDeprecated`, and what the module itself throws.
 */
exports.loadHandler = async (taskRoot, name) => {
    const [, module, properties] = /^((?:.*\/)?[^./][^./]*)\.(.+)$/.exec(name) ?? [];
    if (module === undefined || name.includes("..")) {
        throw runtimeError("Runtime.MalformedHandlerName", `Bad handler '${name}'`);
    }
    const exports_ = await loadModule(taskRoot, module);
    const owner = properties.split(".").slice(0, -1);
    const last = properties.split(".").at(-1);
    const object = owner.reduce((value, property) => value?.[property], exports_);
    const handler = object?.[last];
    if (handler === undefined) {
        throw runtimeError("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
    }
    if (typeof handler !== "function") {
        throw runtimeError("Runtime.HandlerNotFound", `${name} is not a function`);
    }
    if (handler.length >= 3) {
        throw runtimeError(
            "Runtime.CallbackHandlerDeprecated",
            "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. " +
                "You need to modify this function to use a supported handler signature to use Node.js 24 or later.",
        );
    }
    return (event, context) => handler.call(object, event, context);
};

async function loadModule(taskRoot, module) {
    const file = [".js", ".cjs", ".mjs"]
        .map((extension) => path.join(taskRoot, module + extension))
        .find((name) => fs.existsSync(name));
    if (file === undefined) {
        throw runtimeError("Runtime.ImportModuleError", `Error: Cannot find module '${module}'`);
    }
    try {
        return file.endsWith(".mjs") ? await import(file) : require(file);
    } catch (error) {
        if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
            throw runtimeError("Runtime.ImportModuleError", String(error), error);
        }
        if (error instanceof SyntaxError) {
            throw runtimeError("Runtime.UserCodeSyntaxError", String(error), error);
        }
        throw error;
    }
}
