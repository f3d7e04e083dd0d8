import { added, changed, type Mutation } from "../support/mutation";

const SECRET = "aws:secretsmanager/secret:Secret";

export const mutations: readonly Mutation[] = [
    {
        rule: "kms-rotation",
        when: "the key is not rotated",
        change: (resources) => changed(resources, "aws:kms/key:Key", { enableKeyRotation: undefined }),
    },
    {
        rule: "kms-deletion-window",
        when: "the key is deleted after a week",
        change: (resources) => changed(resources, "aws:kms/key:Key", { deletionWindowInDays: 7 }),
    },
    {
        rule: "secret-cmk",
        when: "a secret has no key",
        change: (resources) => added(resources, SECRET, { name: "added" }),
    },
    {
        rule: "secret-rotation",
        when: "a secret is not rotated",
        change: (resources) => added(resources, SECRET, { name: "added" }),
    },
    {
        rule: "secret-guard",
        when: "a secret can't be recovered",
        change: (resources) => added(resources, SECRET, { recoveryWindowInDays: 0 }),
    },
    {
        rule: "ssm-secure-string",
        when: "a password is a plain parameter",
        change: (resources) =>
            added(resources, "aws:ssm/parameter:Parameter", { type: "String", name: "/orders/password", value: "x" }),
    },
];
