import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";

/**
 * Sentences about import names that stand for different packages in different files below a folder.
 *
 * Pulumi writes one `require` for each *name* in the whole callback, so that the second package would silently be replaced by
 * the first. Named imports count, too: `import { logger } from "a/logger"` is compiled to a variable `logger_1`.
 */
export function importNameClashes(folder: string): string[] {
    const uses = new Map<string, Map<string, string>>();
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    for (const file of files.sort()) {
        for (const { local, from } of packageImports(path.join(folder, file))) {
            const packages = uses.get(local) ?? new Map<string, string>();
            uses.set(local, packages.set(from, packages.get(from) ?? file));
        }
    }
    return [...uses]
        .filter(([, packages]) => packages.size > 1)
        .map(([local, packages]) => {
            const list = [...packages].map(([from, file]) => `${from} in ${file}`).join(" and ");
            return `the import name ${local} stands for ${list}; give each package a name of its own`;
        });
}

function packageImports(file: string): { local: string; from: string }[] {
    const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
    return source.statements.flatMap((node) => {
        if (
            !ts.isImportDeclaration(node) ||
            !ts.isStringLiteral(node.moduleSpecifier) ||
            !hasValues(node.importClause)
        ) {
            return [];
        }
        const from = node.moduleSpecifier.text.replace(/^node:/, "");
        const bindings = node.importClause?.namedBindings;
        const local =
            bindings && ts.isNamespaceImport(bindings)
                ? bindings.name.text
                : `${path.basename(from).replace(/\W/g, "_")}_1`;
        return from.startsWith(".") ? [] : [{ local, from }];
    });
}

/** False for an import of types alone, of which nothing is left after compilation. */
function hasValues(clause: ts.ImportClause | undefined): boolean {
    if (!clause || clause.isTypeOnly) {
        return false;
    }
    const bindings = clause.namedBindings;
    return !bindings || !ts.isNamedImports(bindings) || bindings.elements.some(({ isTypeOnly }) => !isTypeOnly);
}
