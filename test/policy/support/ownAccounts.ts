import { withConfig } from "./stackConfig";

/** Runs something with accounts as the stack's own, or with none; the config is as before afterwards. */
export function withOwnAccounts<T>(accounts: readonly string[], run: () => Promise<T>): Promise<T> {
    return withConfig({ "aws:allowedAccountIds": accounts.length === 0 ? undefined : accounts }, run);
}
