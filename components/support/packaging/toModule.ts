import * as esbuild from "esbuild";
import * as ts from "typescript";

/**
 * Rewrites the text of a serialised callback as a plain ES module, in which the bundler can see what is used.
 *
 * Pulumi writes each function as `with ({ a: __a }) { return f; }`, evaluated anew at each call. Here `f` stands once, with
 * `__a` in the place of `a`; captured packages become imports, and strict mode is back.
 *
 * @throws When the text holds what would not survive: a captured class, an instance of one, accessors, `this`, `arguments`, a
 * captured variable that is assigned to; or when its shape is unknown, after an update of `@pulumi/pulumi`. The message names
 * the callback and the captured variable.
 */
export async function toModule(text: string, callback: string): Promise<string> {
    const file = ts.createSourceFile("callback.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
    refuseClasses(file, callback);
    const members = moduleMembers(file);
    const imports: string[] = [];
    const functions: Promise<string>[] = [];
    const data: string[] = [];
    for (const node of file.statements) {
        const required = requiredPackage(node);
        if (required) {
            imports.push(`import * as ${required.local} from ${required.from};`);
        } else if (ts.isFunctionDeclaration(node)) {
            functions.push(plainFunction(node, members, callback));
        } else if (node === file.statements.at(-1)) {
            data.push(node.getText().replace("exports.handler", "export const handler"));
        } else {
            data.push(node.getText());
        }
    }
    // Functions first: making one evaluates nothing, whereas data may hold functions.
    return [...imports, ...(await Promise.all(functions)), ...data].join("\n");
}

/** `const local = require("from")` */
function requiredPackage(node: ts.Statement): { local: string; from: string } | undefined {
    const declaration = declarationIn(node);
    const call = declaration?.initializer;
    return declaration && call && ts.isCallExpression(call) && call.expression.getText() === "require"
        ? { local: declaration.name.getText(), from: call.arguments[0].getText() }
        : undefined;
}

function declarationIn(node: ts.Statement): ts.VariableDeclaration | undefined {
    return ts.isVariableStatement(node) ? node.declarationList.declarations[0] : undefined;
}

/**
 * Modules of the program arrive as objects of their functions, `var __m = {f: __f}`. By object and member, what stands for
 * `m.f`: naming it directly drops what of a module is not used.
 */
function moduleMembers(file: ts.SourceFile): Map<string, Map<string, string>> {
    const functions = new Set(file.statements.filter(ts.isFunctionDeclaration).map(({ name }) => name?.text));
    const members = new Map<string, Map<string, string>>();
    for (const declaration of file.statements.flatMap((node) => declarationIn(node) ?? [])) {
        const object = declaration.initializer;
        const properties =
            object && ts.isObjectLiteralExpression(object) ? object.properties.filter(ts.isPropertyAssignment) : [];
        if (properties.length > 0 && properties.every(({ initializer }) => functions.has(initializer.getText()))) {
            const entries = properties.map(({ name, initializer }) => [name.getText(), initializer.getText()] as const);
            members.set(declaration.name.getText(), new Map(entries));
        }
    }
    return members;
}

async function plainFunction(
    node: ts.FunctionDeclaration,
    members: ReadonlyMap<string, ReadonlyMap<string, string>>,
    callback: string,
): Promise<string> {
    const { expression, captured } = parts(node, callback);
    const define: Record<string, string> = {};
    for (const { name, initializer } of captured) {
        const [alias, value] = [name.getText(), initializer.getText()];
        if (alias !== value) {
            define[alias] = value;
        }
        for (const [member, target] of members.get(value) ?? []) {
            define[`${alias}.${member}`] = target;
        }
    }
    const source = `var ${node.name!.text} = ${expression.getText()};`;
    const { code, warnings } = await esbuild
        .transform(source, { define, target: "node24", logLevel: "silent" })
        .catch((error: Error) => fail(callback, `${nameOf(expression)} can't be rewritten: ${error.message}`));
    if (warnings.length > 0) {
        fail(
            callback,
            `${nameOf(expression)} assigns to what it captures (${warnings.map(({ text }) => text).join("; ")})`,
        );
    }
    return code;
}

/** Takes `function f() { return (function() { with ({…}) { return …; } }).apply(self, args).apply(this, arguments); }` apart. */
function parts(node: ts.FunctionDeclaration, callback: string) {
    const outer = calledOn(returned(node.body?.statements[0]));
    const inner = calledOn(outer?.callee);
    const maker = inner && ts.isParenthesizedExpression(inner.callee) ? inner.callee.expression : undefined;
    const scope = maker && ts.isFunctionExpression(maker) ? maker.body.statements[0] : undefined;
    const expression =
        scope && ts.isWithStatement(scope) && ts.isBlock(scope.statement)
            ? returned(scope.statement.statements[0])
            : undefined;
    if (
        !inner ||
        !scope ||
        !ts.isWithStatement(scope) ||
        !ts.isObjectLiteralExpression(scope.expression) ||
        !expression
    ) {
        return fail(callback, `${node.name?.text} has an unexpected shape: was the version of @pulumi/pulumi changed?`);
    }
    const [self, args] = inner.args.map((argument) => argument.getText());
    if (self !== "undefined" || args !== "undefined") {
        const what = self === "undefined" ? "arguments" : "this";
        return fail(
            callback,
            `${nameOf(expression)} captures the \`${what}\` of an enclosing function; give it a name instead`,
        );
    }
    const properties = scope.expression.properties.filter(ts.isPropertyAssignment);
    return { expression, captured: properties.filter(({ name }) => !["this", "arguments"].includes(name.getText())) };
}

function returned(node: ts.Statement | undefined): ts.Expression | undefined {
    return node && ts.isReturnStatement(node) ? node.expression : undefined;
}

/** For `callee.apply(…args)`: callee and args. */
function calledOn(node: ts.Node | undefined) {
    return node && ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)
        ? { callee: node.expression.expression, args: node.arguments }
        : undefined;
}

/**
 * A class, an instance of one and accessors are rebuilt with `var __x = Object.create(…)` and `Object.defineProperty(__x, …)`.
 * Refused is the captured variable that stands for one, or, when it is deeper inside, what it stands for.
 */
function refuseClasses(file: ts.SourceFile, callback: string): void {
    const rebuilt = file.statements.flatMap(
        (node) => /^(?:var )?(?:(\w+) = )?Object\.\w+\((\w*)/.exec(node.getText()) ?? [],
    );
    if (rebuilt.length > 0) {
        const scopes = Array.from(file.text.matchAll(/^ +with\((.*)\) \{$/gm), ([, scope]) => scope).join();
        const captures = Array.from(scopes.matchAll(/(\w+): (\w+)/g), ([, alias, emitted]) => ({ alias, emitted }));
        const found =
            captures.find(({ emitted }) => rebuilt.includes(emitted))?.alias ?? rebuilt.at(-1)!.replace(/^__/, "");
        fail(
            callback,
            `the captured ${found} is a class, an instance of one, or has accessors; create it inside the factory`,
        );
    }
}

/** Pulumi keeps a function's name as a comment. */
function nameOf(expression: ts.Expression): string {
    return /\/\*(\w+)\*\//.exec(expression.getText())?.[1] ?? "a function";
}

function fail(callback: string, what: string): never {
    throw new Error(`callback ${callback}: ${what}`);
}
