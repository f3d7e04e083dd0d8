import type { Schema } from "../validation/jsonSchema";

/**
 * Refuses models that API Gateway can't import: it takes JSON schema draft 4, with exceptions (developer guide, known issues).
 *
 * @param strict Also refuses what API Gateway only warns of, as it does with `failOnWarnings`.
 * @throws A sentence that names the model and the place in it.
 */
export function refuseUnimportable(schemas: Readonly<Record<string, Schema>>, strict: boolean): void {
    for (const [name, schema] of Object.entries(schemas)) {
        if (!/^[A-Za-z0-9]+$/.test(name)) {
            throw new Error(`The model ${name} has a name that is not alphanumeric, which API Gateway refuses.`);
        }
        refuseModel(schema, `components.schemas.${name}`, strict);
    }
}

/**
 * Refuses one model, with all it holds.
 *
 * @param place Where it stands, for the message.
 */
export function refuseModel(schema: Schema, place: string, strict: boolean): void {
    if (isBare(schema)) {
        throw new Error(`${place}: Model schema must have at least 1 property or array items defined.`);
    }
    refuseSchema(schema, place, strict);
}

function refuseSchema(schema: Schema, place: string, strict: boolean): void {
    for (const keyword of Object.keys(schema)) {
        if (NOT_DRAFT_4.has(keyword) || (EXCLUSIVE.has(keyword) && typeof schema[keyword] !== "boolean")) {
            throw new Error(
                `${place} has the keyword ${keyword}, which JSON schema draft 4 and so API Gateway do not know.`,
            );
        }
        if (strict && (WARNED.has(keyword) || (keyword === "format" && FORMATS.has(String(schema.format))))) {
            throw new Error(
                `${place} has the keyword ${keyword}, of which API Gateway warns; \`failOnWarnings\` makes that an error.`,
            );
        }
    }
    for (const [inner, innerPlace] of innerSchemas(schema, place)) {
        refuseSchema(inner, innerPlace, strict);
    }
}

const NOT_DRAFT_4 = new Set([
    "$defs",
    "const",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "examples",
    "if",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
]);

const EXCLUSIVE = new Set(["exclusiveMinimum", "exclusiveMaximum"]);

const WARNED = new Set(["default", "discriminator", "example", "exclusiveMinimum", "nullable", "readOnly"]);

const FORMATS = new Set(["decimal", "int32", "int64"]);

/** Whether an array or an object says nothing about what is in it. */
function isBare(schema: Schema): boolean {
    if (COMBINING.some((keyword) => keyword in schema) || "$ref" in schema) {
        return false;
    }
    if (schema.type === "array") {
        return !("items" in schema);
    }
    return (
        schema.type === "object" &&
        !("additionalProperties" in schema) &&
        Object.keys(schema.properties ?? {}).length === 0
    );
}

const COMBINING = ["allOf", "anyOf", "oneOf", "not"];

function innerSchemas(schema: Schema, place: string): [Schema, string][] {
    const inner: [unknown, string][] = [
        ...Object.entries(schema.properties ?? {}).map(([name, value]): [unknown, string] => [
            value,
            `${place}.properties.${name}`,
        ]),
        ...["items", "additionalProperties", "not"].map((key): [unknown, string] => [schema[key], `${place}.${key}`]),
        ...["allOf", "anyOf", "oneOf"].flatMap((key) =>
            ((schema[key] ?? []) as unknown[]).map((value, index): [unknown, string] => [
                value,
                `${place}.${key}[${index}]`,
            ]),
        ),
    ];
    return inner.filter((entry): entry is [Schema, string] => typeof entry[0] === "object" && entry[0] !== null);
}
