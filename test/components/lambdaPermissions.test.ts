import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { planOf, resourcesOfType } from "../support/plans";

// A deployment once failed with "The statement id … provided already exists": two permissions of one function had one id, or
// a changed permission was created anew before the old one was deleted. Pulumi's AWS provider makes an id up, anew for each
// creation, for a permission that leaves it out.

for (const stack of ["dev", "prod"] as const) {
    describe(`permissions to invoke functions, of ${stack}`, () => {
        let plan: Plan;
        before(async () => {
            plan = await planOf(stack);
        });

        it("leave their statement ids to the provider, so that a changed one never meets its predecessor's", () => {
            const permissions = resourcesOfType(plan, "aws:lambda/permission:Permission");

            assert.ok(permissions.length > 10);
            for (const { name, inputs } of permissions) {
                assert.deepEqual([inputs.statementId, inputs.statementIdPrefix], [undefined, undefined], name);
            }
        });

        it("have statement ids of which no function has one twice", () => {
            const ids = resourcesOfType(plan, "aws:lambda/permission:Permission").map(
                ({ inputs, outputs }) => `${String(inputs.function)} ${String(outputs.statementId)}`,
            );

            assert.doesNotMatch(ids.join("\n"), /undefined/);
            assert.deepEqual([...new Set(ids)].sort(), ids.sort());
        });
    });
}
