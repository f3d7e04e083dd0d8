import { isObject, type Input } from "../protocol";

/** Names of the attributes, at the top level, that a request touches as far as it says: those of its keys, items and expressions. */
export function attributesOf(input: Input): string[] {
    const names = new Set<string>();
    for (const part of ITEMS) addKeys(names, input[part]);
    for (const part of EXPRESSIONS) {
        for (const name of namesIn(input[part], input.ExpressionAttributeNames)) names.add(name);
    }
    if (Array.isArray(input.AttributesToGet)) {
        for (const name of input.AttributesToGet) names.add(String(name));
    }
    return [...names];
}

/**
 * The values that a query asks the partition key for. An expression that does not tell gives one empty text, which no policy allows by
 * chance: DynamoDB refuses such a query anyway.
 */
export function queriedKey(input: Input, hashKey: string): string[] {
    const value = isObject(input.KeyConditions)
        ? (input.KeyConditions[hashKey] as { AttributeValueList?: unknown[] } | undefined)?.AttributeValueList?.[0]
        : valueOfKey(input, hashKey);
    return [keyText(value) ?? ""];
}

/** A key's value as conditions compare it; undefined when it is none. */
export function keyText(value: unknown): string | undefined {
    if (!isObject(value)) return undefined;
    const text = value.S ?? value.N ?? value.B;
    return typeof text === "string" ? text : undefined;
}

/** Members whose keys are names of attributes; the last four are those of before there were expressions. */
const ITEMS = ["Key", "Item", "AttributeUpdates", "Expected", "KeyConditions", "QueryFilter", "ScanFilter"];

const EXPRESSIONS = [
    "ProjectionExpression",
    "KeyConditionExpression",
    "FilterExpression",
    "ConditionExpression",
    "UpdateExpression",
];

function addKeys(names: Set<string>, value: unknown): void {
    if (isObject(value)) for (const name of Object.keys(value)) names.add(name);
}

/** Words of the language of expressions, none of which may name an attribute; and parts of paths after the first are no top level. */
const KEYWORD = /^(?:AND|OR|NOT|BETWEEN|IN|SET|REMOVE|ADD|DELETE)$/i;

const TOKEN = /[#:]?\w[\w-]*|[^\s\w]/g;

function namesIn(expression: unknown, placeholders: unknown): string[] {
    if (typeof expression !== "string") return [];
    const tokens = expression.match(TOKEN) ?? [];
    return tokens.flatMap((token, index) => {
        const isName = /^[#A-Za-z_]/.test(token) && token !== "#" && !KEYWORD.test(token);
        const isPart = tokens[index - 1] === ".";
        const isFunction = tokens[index + 1] === "(";
        return isName && !isPart && !isFunction ? [resolve(token, placeholders)] : [];
    });
}

function resolve(name: string, placeholders: unknown): string {
    const full = name.startsWith("#") && isObject(placeholders) ? placeholders[name] : name;
    return typeof full === "string" ? full : name;
}

/** The operand that the partition key must equal, on either side of the sign. */
function valueOfKey(input: Input, hashKey: string): unknown {
    const { KeyConditionExpression: expression, ExpressionAttributeValues: values } = input;
    if (typeof expression !== "string" || !isObject(values)) return undefined;
    const tokens = expression.match(TOKEN) ?? [];
    for (const [index, token] of tokens.entries()) {
        if (token !== "=") continue;
        const sides = [tokens[index - 1] ?? "", tokens[index + 1] ?? ""];
        const value = sides.find((side) => side.startsWith(":"));
        const name = sides.find((side) => !side.startsWith(":"));
        if (value !== undefined && name !== undefined && resolve(name, input.ExpressionAttributeNames) === hashKey) {
            return values[value];
        }
    }
    return undefined;
}
