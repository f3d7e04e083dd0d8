import * as ts from "typescript";

interface Edit {
    readonly start: number;
    readonly end: number;
    readonly by: string;
}

/**
 * Rewrites the text of a serialised callback as an ES module. Captured packages become imports, and
 * `with ({ a: x }) { return f; }` becomes `function(a) { return f; }` called with `x`: both let the bundler see which
 * exports are used, and bring strict mode back.
 *
 * @throws When the text holds what would not survive: a captured class, an instance of one, accessors, `arguments`; or when
 * its shape is unknown, after an update of `@pulumi/pulumi`. The message names the callback and the captured variable.
 */
export function toModule(text: string, callback: string): string {
    const file = ts.createSourceFile("callback.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
    const edits = file.statements.flatMap((node) => rewrite(node, node === file.statements.at(-1), callback));
    return edits.reduceRight((out, { start, end, by }) => out.slice(0, start) + by + out.slice(end), text);
}

function rewrite(node: ts.Statement, last: boolean, callback: string): Edit[] {
    const required = requiredPackage(node);
    if (required) {
        return [{ start: node.getStart(), end: node.end, by: `import * as ${required.local} from ${required.from};` }];
    }
    if (ts.isFunctionDeclaration(node)) {
        return scopeAsParameters(node, callback);
    }
    if (last) {
        return [
            { start: node.getStart(), end: node.getStart() + "exports.handler".length, by: "export const handler" },
        ];
    }
    if (/^(var \w+ = )?Object\./.test(node.getText())) {
        const captured = capturedName(node.getSourceFile(), /\w+(?= = Object)|(?<=\()\w+/.exec(node.getText())![0]);
        throw new Error(
            `callback ${callback}: the captured ${captured} is a class, an instance of one, or has accessors; create it inside the factory`,
        );
    }
    return [];
}

/** `const local = require("from")` */
function requiredPackage(node: ts.Statement): { local: string; from: string } | undefined {
    const declaration = ts.isVariableStatement(node) ? node.declarationList.declarations[0] : undefined;
    const call = declaration?.initializer;
    return declaration && call && ts.isCallExpression(call) && call.expression.getText() === "require"
        ? { local: declaration.name.getText(), from: call.arguments[0].getText() }
        : undefined;
}

function scopeAsParameters(node: ts.FunctionDeclaration, callback: string): Edit[] {
    const { maker, scope, self, args } = parts(node, callback);
    const body = (scope.statement as ts.Block).statements[0] as ts.ReturnStatement;
    const captured = (scope.expression as ts.ObjectLiteralExpression).properties
        .filter(ts.isPropertyAssignment)
        .filter((property) => !["this", "arguments"].includes(property.name.getText()));
    if (args.getText() !== "undefined") {
        throw new Error(
            `callback ${callback}: ${node.name?.text} captures the \`arguments\` of an enclosing function; name them instead`,
        );
    }
    const names = captured.map((property) => property.name.getText()).join(", ");
    const values = [self.getText(), ...captured.map((property) => property.initializer.getText())].join(", ");
    return [
        { start: maker.getStart(), end: body.getStart(), by: `function(${names}) { "use strict"; ` },
        { start: body.end, end: maker.end, by: " }" },
        { start: maker.parent.end + ".".length, end: args.end + ")".length, by: `call(${values})` },
    ];
}

/** Takes `function f() { return (function() { with (…) {…} }).apply(self, args).apply(this, arguments); }` apart. */
function parts(node: ts.FunctionDeclaration, callback: string) {
    const returned = node.body?.statements[0];
    const outer = returned && ts.isReturnStatement(returned) ? calledOn(returned.expression) : undefined;
    const inner = calledOn(outer?.callee);
    const maker = inner && ts.isParenthesizedExpression(inner.callee) ? inner.callee.expression : undefined;
    if (inner && maker && ts.isFunctionExpression(maker)) {
        const scope = maker.body.statements[0];
        const [self, args] = inner.args;
        if (scope && ts.isWithStatement(scope) && self && args) {
            return { maker, scope, self, args };
        }
    }
    throw new Error(
        `callback ${callback}: unexpected shape of ${node.name?.text}: was the version of @pulumi/pulumi changed?`,
    );
}

/** For `callee.apply(…args)`: callee and args. */
function calledOn(node: ts.Node | undefined) {
    return node && ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)
        ? { callee: node.expression.expression, args: node.arguments }
        : undefined;
}

/** The name in the source of a variable that Pulumi renamed to `__name`, or a placeholder such as `__f0`. */
function capturedName(file: ts.SourceFile, emitted: string): string {
    const use = new RegExp(`(\\w+): ${emitted}\\b`).exec(file.text);
    return use ? use[1] : emitted.replace(/^__/, "");
}
