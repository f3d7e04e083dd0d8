import { ALLOWED_ACCOUNTS, isOwnAccount, namedAccount } from "../../support/account";
import { accountOf } from "../../support/iam/arns";
import { RESOURCE_POLICY_TYPES } from "../../support/iam/documents";
import { fixedTo } from "../../support/iam/fixedValues";
import { covers } from "../../support/iam/grants";
import { isForAll } from "../../support/iam/publicAccess";
import { eachAllowed, type Statement } from "../../support/iam/statements";
import type { Rule } from "../../support/rule";
import { textsOf } from "../../support/values";

export const rule: Rule = {
    id: "resource-policy-cross-account",
    title: "Resource policies allow something to other accounts only if those are listed, and never to change who has access.",
    why: "Who rules another account rules what its principals do here, and who may change the policy lets in whom they want.",
    mend: "Remove the account from the policy, or add it to the rule's accounts.",
    sources: [
        "Security Hub S3.6",
        "checkov CKV_AWS_93",
        "checkov CKV_AWS_385",
        "prowler s3_bucket_cross_account_access",
        "prowler dynamodb_table_cross_account_access",
    ],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: RESOURCE_POLICY_TYPES,
    options: { accounts: ALLOWED_ACCOUNTS },
    check: (resource, { accounts }) =>
        eachAllowed(resource, ["resource"], function* (statement) {
            const { place } = statement;
            for (const value of new Set(unnamed(statement))) {
                const mend = "Name the account, or the ARN of a role, as an AWS principal.";
                yield { fault: `lets in ${value}, which tells no account, in ${place}`, finding: value, mend };
            }
            for (const account of new Set(accountsOf(statement).filter((each) => !isOwnAccount(each)))) {
                if (!textsOf(accounts).includes(account)) {
                    yield { fault: `lets in ${namedAccount(account)} in ${place}`, finding: account };
                }
                for (const action of ADMINISTRATION.filter((each) => covers(statement, each))) {
                    const mend = `Remove ${action} from what the other account may do.`;
                    yield { fault: `allows ${action} to ${namedAccount(account)} in ${place}`, finding: action, mend };
                }
            }
        }),
};

/** What no other account may do with a bucket, whichever it is. */
const ADMINISTRATION = [
    ...["s3:DeleteBucketPolicy", "s3:PutBucketAcl", "s3:PutBucketPolicy", "s3:PutEncryptionConfiguration"],
    "s3:PutObjectAcl",
];

/** Accounts that a statement names as principals or, where its principal is everybody, demands by a condition. */
function accountsOf(statement: Statement): string[] {
    const named = statement.principals.flatMap(({ account }) => account ?? []);
    const demanded = isForAll(statement)
        ? fixedTo(statement.conditions, (key) => ACCOUNT_KEYS.test(key)).flatMap(({ values }) => values)
        : [];
    return [...named, ...demanded.flatMap((value) => accountOf(value) ?? /^\d{12}$/.exec(value)?.[0] ?? [])];
}

const ACCOUNT_KEYS = /^(?:aws:(?:principal(?:arn|account)|source(?:arn|account|owner))|kms:calleraccount)$/;

/** Canonical users, and the ids that AWS puts in place of principals that were deleted. */
function unnamed({ principals }: Statement): string[] {
    return principals
        .filter(({ kind, account, value }) => value !== "*" && (kind === "AWS" || kind === "CanonicalUser") && !account)
        .filter(({ value }) => !/^arn:[\w-]+:iam::cloudfront:/.test(value))
        .map(({ kind, value }) => (kind === "CanonicalUser" ? "a canonical user" : value));
}
