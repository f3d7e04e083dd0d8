import * as pulumi from "@pulumi/pulumi";

/** Runs something with accounts as the stack's own, or with none; the config is as before afterwards. */
export async function withOwnAccounts<T>(accounts: readonly string[], run: () => Promise<T>): Promise<T> {
    const before = pulumi.runtime.allConfig();
    const { [KEY]: _, ...others } = before;
    pulumi.runtime.setAllConfig(accounts.length === 0 ? others : { ...others, [KEY]: JSON.stringify(accounts) });
    try {
        return await run();
    } finally {
        pulumi.runtime.setAllConfig(before);
    }
}

const KEY = "aws:allowedAccountIds";
