import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { settings } from "../../support/settings";
import { propsOf, textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "s3-no-public-acl",
    title: "No ACL of a bucket or an object opens it to everybody.",
    why: "A public ACL lets everybody, or everybody with any AWS account, read or write the data, whatever policies say.",
    mend: "Leave the ACL out, or set acl: private.",
    sources: [
        "cdk-nag S3BucketPublicReadProhibited",
        "cdk-nag S3BucketPublicWriteProhibited",
        "Security Hub S3.2",
        "Security Hub S3.3",
        "checkov CKV_AWS_20",
        "Pulumi s3-no-public-read",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [
        "aws:s3/bucketAcl:BucketAcl",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketObject:BucketObject",
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "aws:s3/objectCopy:ObjectCopy",
    ],
    check: ({ props }) =>
        each([cannedAcl, inlineGrants, policyGrants], function* (faultsOf) {
            yield* faultsOf(props);
        }),
};

function* cannedAcl(props: Props): Generator<Fault> {
    const acl = textOf(props.acl) ?? "";
    if (PUBLIC_ACLS.includes(acl)) {
        yield { fault: `has the ACL ${acl}`, finding: acl };
    }
}

function* inlineGrants(props: Props): Generator<Fault> {
    yield* each(settings(props, "grant"), ({ uri }) => publicGroup(uri));
}

function* policyGrants(props: Props): Generator<Fault> {
    const grants = settings(props, "accessControlPolicy").flatMap((policy) => settings(policy, "grant"));
    yield* each(grants, ({ grantee }) => publicGroup(propsOf(grantee).uri));
}

function* publicGroup(uri: unknown): Generator<Fault> {
    const group = /\/global\/(AllUsers|AuthenticatedUsers)$/.exec(textOf(uri) ?? "")?.[1];
    if (group) {
        yield {
            fault: `has an ACL with a grant to ${group}`,
            finding: group,
            mend: `Take the grant to ${group} away.`,
        };
    }
}

const PUBLIC_ACLS = ["public-read", "public-read-write", "authenticated-read"];
