import * as assert from "node:assert/strict";
import type { Rule } from "../../../policy/support/rule";
import { judge, UNKNOWN, type Declared } from "./judge";

type Statement = Readonly<Record<string, unknown>>;

/** A role's policy with some statements, as text. */
export function policyOf(...statements: readonly Statement[]): Declared & { readonly props: Statement } {
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
    return { type: "aws:iam/rolePolicy:RolePolicy", name: "orders", props: { role: "orders", policy } };
}

/** A statement with the effect `Allow`. */
export function allow(action: unknown, resource: unknown, condition?: unknown): Statement {
    return { Effect: "Allow", Action: action, Resource: resource, ...(condition ? { Condition: condition } : {}) };
}

/** Tests that a rule has nothing to say of statements, each in a policy of its own. */
export function takes(rule: Rule, cases: Readonly<Record<string, Statement>>): void {
    for (const [title, statement] of Object.entries(cases)) {
        it(`takes ${title}`, async () => {
            assert.deepEqual(await judge(rule, policyOf(statement)), []);
        });
    }
}

/** Tests what a rule says of statements, each in a policy of its own: faults, each followed by its finding in brackets. */
export function refuses(rule: Rule, cases: Readonly<Record<string, readonly [Statement, ...string[]]>>): void {
    for (const [title, [statement, ...faults]] of Object.entries(cases)) {
        it(`refuses ${title}`, async () => {
            assert.deepEqual(
                await judge(rule, policyOf(statement)),
                faults.map((fault) => `orders ${fault.replace(/ (?=\[[^[]*$)/, `. ${rule.mend} `)}`),
            );
        });
    }
}

/** Tests that a rule does not pass what is known only after a deployment, and judges what is known beside it. */
export function failsClosed(rule: Rule, bad: Statement, unknownElement: "Action" | "Resource" | "Condition"): void {
    const documents = (policy: unknown) => ({ ...policyOf(), props: { policy } });

    it("does not take a document that is known only after a deployment", async () => {
        assert.deepEqual(await judge(rule, documents(UNKNOWN)), [`orders ${unknown("policy")}`]);
    });

    it(`does not take a statement whose ${unknownElement} is known only after a deployment, and judges the next one`, async () => {
        const [found, ...others] = await judge(
            rule,
            documents({ Statement: [{ ...bad, [unknownElement]: UNKNOWN }, bad] }),
        );

        assert.equal(found, `orders ${unknown(`policy.Statement.0.${unknownElement}`)}`);
        assert.match(others.join("\n"), /in statement 2 of policy/);
    });

    it("has nothing to say of what is denied", async () => {
        assert.deepEqual(await judge(rule, policyOf({ ...bad, Effect: "Deny" })), []);
    });
}

/** The rest of a message about a value that is known only after a deployment. */
export function unknown(path: string): string {
    return (
        `could not be judged, since ${path} is known only after a deployment. ` +
        `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`
    );
}
