/** A JSON schema as OpenAPI bodies hold it. */
export type Schema = Readonly<Record<string, unknown>>;

type Check = (value: unknown) => boolean;

/**
 * Compiles the part of draft 4 that API Gateway validates with. As its importer does, it leaves out `minItems` and `maxItems`
 * (developer guide, known issues), formats and `nullable`.
 *
 * @param resolve Finds the schema of a `$ref`; throws when there is none.
 * @throws For a keyword that it does not know, naming it.
 */
export function compileSchema(schema: Schema, resolve: (ref: string) => Schema): Check {
    const referred = new Map<string, Check>();
    const compile = (node: Schema): Check => {
        if (typeof node.$ref === "string") {
            return byReference(node.$ref);
        }
        const checks = Object.entries(node).flatMap(([keyword, argument]) => {
            if (IGNORED.has(keyword)) {
                return [];
            }
            const make = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined;
            if (!make) {
                throw new Error(`The local run does not validate with the keyword ${keyword} yet.`);
            }
            return [make(argument as never, compile, node)];
        });
        return (value) => checks.every((check) => check(value));
    };
    const byReference = (ref: string): Check => {
        if (!referred.has(ref)) {
            // Set before compiling, so that a schema may hold itself.
            referred.set(ref, (value) => compiled(value));
            const compiled = compile(resolve(ref));
        }
        return referred.get(ref) as Check;
    };
    return compile(schema);
}

const IGNORED = new Set([
    "$schema",
    "description",
    "exclusiveMaximum",
    "format",
    "id",
    "maxItems",
    "minItems",
    "nullable",
    "title",
    "xml",
    "externalDocs",
    "deprecated",
    "writeOnly",
]);

type Maker = (argument: never, compile: (schema: Schema) => Check, schema: Schema) => Check;

const keywords: Readonly<Record<string, Maker>> = {
    type: (types: string | string[]) => {
        const all = ([] as string[]).concat(types);
        return (value) => all.some((type) => isOfType(value, type));
    },
    enum: (allowed: unknown[]) => {
        const texts = new Set(allowed.map((item) => JSON.stringify(item)));
        return (value) => texts.has(JSON.stringify(value));
    },
    minimum: (limit: number) => (value) => typeof value !== "number" || value >= limit,
    maximum: (limit: number, _, { exclusiveMaximum }) =>
        exclusiveMaximum === true
            ? (value) => typeof value !== "number" || value < limit
            : (value) => typeof value !== "number" || value <= limit,
    multipleOf: (step: number) => (value) => typeof value !== "number" || Number.isInteger(value / step),
    minLength: (limit: number) => (value) => typeof value !== "string" || [...value].length >= limit,
    maxLength: (limit: number) => (value) => typeof value !== "string" || [...value].length <= limit,
    pattern: (text: string) => {
        const pattern = new RegExp(text, "u");
        return (value) => typeof value !== "string" || pattern.test(value);
    },
    required: (names: string[]) => (value) => !isObject(value) || names.every((name) => Object.hasOwn(value, name)),
    properties: (properties: Record<string, Schema>, compile) => {
        const checks = Object.entries(properties).map(([name, schema]) => [name, compile(schema)] as const);
        return (value) =>
            !isObject(value) || checks.every(([name, check]) => !Object.hasOwn(value, name) || check(value[name]));
    },
    additionalProperties: (schema: Schema | boolean, compile, { properties = {} }) => {
        const check = typeof schema === "boolean" ? () => schema : compile(schema);
        const known = properties as object;
        return (value) =>
            !isObject(value) ||
            Object.entries(value).every(([name, item]) => Object.hasOwn(known, name) || check(item));
    },
    items: (schema: Schema, compile) => {
        const check = compile(schema);
        return (value) => !Array.isArray(value) || value.every(check);
    },
    uniqueItems: (unique: boolean) => (value) =>
        !unique || !Array.isArray(value) || new Set(value.map((item) => JSON.stringify(item))).size === value.length,
    allOf: (schemas: Schema[], compile) => {
        const checks = schemas.map(compile);
        return (value) => checks.every((check) => check(value));
    },
    anyOf: (schemas: Schema[], compile) => {
        const checks = schemas.map(compile);
        return (value) => checks.some((check) => check(value));
    },
    oneOf: (schemas: Schema[], compile) => {
        const checks = schemas.map(compile);
        return (value) => checks.filter((check) => check(value)).length === 1;
    },
    not: (schema: Schema, compile) => {
        const check = compile(schema);
        return (value) => !check(value);
    },
};

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfType(value: unknown, type: string): boolean {
    switch (type) {
        case "object":
            return isObject(value);
        case "array":
            return Array.isArray(value);
        case "null":
            return value === null;
        case "integer":
            return Number.isInteger(value);
        default:
            return typeof value === type;
    }
}
