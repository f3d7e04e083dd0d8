import * as pulumi from "@pulumi/pulumi";

/** Runs something with changes to the stack's config, by full key; `undefined` takes one away. The config is as before afterwards. */
export async function withConfig<T>(changes: Readonly<Record<string, unknown>>, run: () => Promise<T>): Promise<T> {
    const before = pulumi.runtime.allConfig();
    const after = new Map(Object.entries(before));
    for (const [key, value] of Object.entries(changes)) {
        if (value === undefined) {
            after.delete(key);
        } else {
            after.set(key, JSON.stringify(value));
        }
    }
    pulumi.runtime.setAllConfig(Object.fromEntries(after));
    try {
        return await run();
    } finally {
        pulumi.runtime.setAllConfig(before);
    }
}
