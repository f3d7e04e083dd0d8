import * as assert from "node:assert/strict";
import type { Plan } from "../../../plan/types";
import { comparable, type EngineResource } from "./resources";

/** Asserts that the engine registered exactly the resources of the plan, each under the same parent. */
export function assertSamePlaces(resources: readonly EngineResource[], { project, stack, resources: all }: Plan): void {
    const stackUrn = `urn:pulumi:${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack}`;
    const registered = resources.map(({ urn, parent }) => `${urn} below ${parent}`);

    const planned = all.map(({ urn, parent = stackUrn }) => `${urn} below ${parent}`);
    assert.deepEqual(registered.sort(), planned.sort());
}

/** Asserts that each resource has the plan's inputs, dependencies and protection. */
export function assertSameValues(resources: readonly EngineResource[], plan: Plan): void {
    for (const planned of plan.resources.filter(({ custom, remote }) => custom || remote)) {
        const { inputs = {}, dependencies = [], protect = false } = resources.find(({ urn }) => urn === planned.urn)!;

        assert.deepEqual(comparable(inputs), comparable(planned.inputs), planned.urn);
        assert.deepEqual(new Set(dependencies), new Set(planned.dependsOn), planned.urn);
        assert.equal(protect, planned.protect, planned.urn);
    }
}
