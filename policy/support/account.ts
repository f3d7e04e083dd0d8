import * as pulumi from "@pulumi/pulumi";

/** The accounts that the stack may be deployed to, by `aws:allowedAccountIds` of its config; none when that is not set. */
export function ownAccounts(): readonly string[] {
    const accounts = new pulumi.Config("aws").getObject<readonly unknown[]>("allowedAccountIds") ?? [];
    return accounts.map(String);
}

/** Whether an account is one of the stack's own. */
export function isOwnAccount(account: string): boolean {
    return ownAccounts().includes(account);
}

/** How a finding names an account that is none of the stack's own, as far as those are known. */
export function namedAccount(account: string): string {
    const unknown = ownAccounts().length === 0 ? " (no own account is known, as aws:allowedAccountIds is not set)" : "";
    return `account ${account}${unknown}`;
}

/** Option of rules about other accounts: those that may be named. */
export const ALLOWED_ACCOUNTS = {
    what: "Accounts besides the stack's own that may be named",
    schema: { type: "array", items: { type: "string", pattern: "^\\d{12}$" } },
    dev: [],
    prod: [],
};
