import { Unreadable } from "../failClosed";
import { propsOf, textsOf } from "../values";
import { accountOf } from "./arns";

/** Whom a statement is about. */
export interface Principal {
    /** `*` for everybody, however it is written; otherwise the key of the element. */
    readonly kind: "*" | "AWS" | "Service" | "Federated" | "CanonicalUser";
    /** As written. */
    readonly value: string;
    /** The account of an AWS principal, be it written as ARN or number. */
    readonly account?: string;
    /** True for a whole account: its number, or the ARN of its root. */
    readonly wholeAccount?: boolean;
}

/** The principals of a `Principal` or `NotPrincipal` element, none when it is left out. @throws Unreadable for an unknown kind. */
export function principalsOf(element: unknown): Principal[] {
    if (element === undefined || element === null) {
        return [];
    }
    if (typeof element === "string") {
        return [awsPrincipal(element)];
    }
    const kinds = propsOf(element);
    return Object.keys(kinds).flatMap((kind) => textsOf(kinds[kind]).map((value) => principalOf(kind, value)));
}

function principalOf(kind: string, value: string): Principal {
    if (kind === "AWS") {
        return awsPrincipal(value);
    }
    if (kind === "Service" || kind === "Federated" || kind === "CanonicalUser") {
        return { kind, value };
    }
    throw new Unreadable("a principal is of no kind that IAM knows");
}

function awsPrincipal(value: string): Principal {
    if (value === "*") {
        return { kind: "*", value };
    }
    const account = /^\d{12}$/.test(value) ? value : accountOf(value);
    const wholeAccount = /^\d{12}$/.test(value) || /^arn:[\w-]+:iam::\d{12}:root$/.test(value);
    return { kind: "AWS", value, ...(account && { account }), ...(wholeAccount && { wholeAccount }) };
}
