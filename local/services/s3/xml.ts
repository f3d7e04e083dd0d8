import { awsError } from "../../errors";

/** What an element holds: text, XML that is ready, or child elements; a list gives one element for each entry, undefined none. */
export type XmlContent = string | number | boolean | RawXml | XmlChildren;
/** Child elements by name. */
export interface XmlChildren {
    readonly [name: string]: XmlContent | readonly XmlContent[] | undefined;
}
/** XML text that is inserted as it is. */
export interface RawXml {
    readonly xml: string;
}

/** An element of a request body. */
export interface XmlElement {
    readonly name: string;
    readonly children: readonly XmlElement[];
    /** Text of this element alone. */
    readonly text: string;
}

/** Writes a whole document in the S3 namespace. */
export function s3Document(root: string, content: XmlContent): string {
    return `${declaration}<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner(content)}</${root}>`;
}

/** Writes an error body, which has no namespace. */
export function errorDocument(content: XmlChildren): string {
    return document("Error", content);
}

/** Writes a whole document without a namespace. */
export function document(root: string, content: XmlContent): string {
    return `${declaration}${element(root, content)}`;
}

/** Writes one element. */
export function element(name: string, content: XmlContent): string {
    return `<${name}>${inner(content)}</${name}>`;
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

function inner(content: XmlContent): string {
    if (typeof content !== "object") return escape(String(content));
    if (isRaw(content)) return content.xml;
    let text = "";
    for (const [name, value] of Object.entries(content)) {
        if (value === undefined) continue;
        if (Array.isArray(value)) for (const entry of value as readonly XmlContent[]) text += element(name, entry);
        else text += element(name, value as XmlContent);
    }
    return text;
}

function isRaw(content: RawXml | XmlChildren): content is RawXml {
    return typeof content.xml === "string";
}

// Control characters become references, as S3 writes them: a parser would drop or refuse them raw.

const special = /[&<>"\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]/g;

function escape(text: string): string {
    return text.replace(special, (character) => named[character] ?? `&#x${character.charCodeAt(0).toString(16)};`);
}

const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * Reads the XML of a request body: elements, text, CDATA and the usual entities. Attributes and namespaces are passed over.
 *
 * @throws MalformedXML for anything else, and for a document type, so that no entity can be declared
 */
export function parseXml(text: string): XmlElement {
    const open: { name: string; children: XmlElement[]; text: string }[] = [{ name: "", children: [], text: "" }];
    let position = 0;
    for (const match of text.matchAll(token)) {
        if (match.index !== position) throw malformedXml();
        position += match[0].length;
        const { close, start, empty, cdata, chars } = match.groups as Record<string, string | undefined>;
        const current = open[open.length - 1];
        if (start !== undefined) {
            const child = { name: start, children: [], text: "" };
            current.children.push(child);
            if (empty === "") open.push(child);
        } else if (close !== undefined) {
            if (open.length === 1 || open.pop()?.name !== close) throw malformedXml();
        } else {
            current.text += cdata ?? (chars === undefined ? "" : unescape(chars));
        }
    }
    const [root] = open;
    if (position !== text.length || open.length !== 1 || root.children.length !== 1 || root.text.trim() !== "")
        throw malformedXml();
    return root.children[0];
}

/** The error for a body that is no XML, or not of the expected shape. */
export function malformedXml(): Error {
    return awsError(
        "MalformedXML",
        400,
        "The XML you provided was not well-formed or did not validate against our published schema",
    );
}

const token =
    /<\?[^>]*\?>|<!--[^]*?-->|<!\[CDATA\[(?<cdata>[^]*?)\]\]>|<\/(?:[\w.-]+:)?(?<close>[\w.-]+)\s*>|<(?:[\w.-]+:)?(?<start>[\w.-]+)(?:\s[^<>]*?)?(?<empty>\/?)>|(?<chars>[^<]+)/g;

function unescape(text: string): string {
    return text.replace(/&([^;]*);?/g, (_, entity: string) => {
        const code = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(entity);
        const character = code ? fromCode(code[1] ? parseInt(code[1], 16) : Number(code[2])) : entities[entity];
        if (character === undefined) throw malformedXml();
        return character;
    });
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function fromCode(code: number): string | undefined {
    return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
