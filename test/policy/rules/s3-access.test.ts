import * as assert from "node:assert/strict";
import { rule as aclsDisabled } from "../../../policy/rules/s3/s3-acls-disabled";
import { rule as corsNoWildcard } from "../../../policy/rules/s3/s3-cors-no-wildcard";
import { rule as noPublicAcl } from "../../../policy/rules/s3/s3-no-public-acl";
import { rule as noWebsite } from "../../../policy/rules/s3/s3-no-website";
import { rule as publicAccessBlock } from "../../../policy/rules/s3/s3-public-access-block";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

const bucket = (props: Record<string, unknown> = {}) => ({ type: BUCKET, name: "data", props });

const unknown = (name: string, path: string) =>
    `${name} could not be judged, since ${path} is known only after a deployment. ` +
    "Compute the value from names and config instead of outputs, so that a preview can read it. " +
    `[unknown:${path}]`;

describe("s3-public-access-block", () => {
    const all = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
    const block = (props: Record<string, unknown>) => ({
        type: BLOCK,
        name: "block",
        props: { bucket: "b", ...props },
    });
    const accessPoint = (props: Record<string, unknown>) => ({ type: "aws:s3/accessPoint:AccessPoint", props });
    const multiRegion = (publicAccessBlock: unknown) => ({
        type: "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint",
        props: { details: { name: "m", regions: [], ...(publicAccessBlock !== undefined && { publicAccessBlock }) } },
    });
    const NO_BLOCK =
        "data has no block of public access. Give the bucket an aws.s3.BucketPublicAccessBlock with blockPublicAcls, " +
        "blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets: true.";

    for (const [title, resource] of [
        ["a block with all switches on", block(all)],
        ["a block with switches as text", block({ ...all, ignorePublicAcls: "true" })],
        ["a bucket, whose block is another resource", bucket()],
        ["an access point, whose switches are on by default", accessPoint({ bucket: "b" })],
        [
            "an access point with some switches named",
            accessPoint({ publicAccessBlockConfiguration: { blockPublicAcls: true } }),
        ],
        ["a multi-region access point, whose switches are on by default", multiRegion(undefined)],
    ] as const) {
        it(`takes ${title}`, async () => {
            assert.deepEqual(await judge(publicAccessBlock, resource), []);
        });
    }

    it("names each switch that a block leaves off or out", async () => {
        assert.deepEqual(
            await judge(
                publicAccessBlock,
                block({ blockPublicAcls: true, blockPublicPolicy: false, ignorePublicAcls: "false" }),
            ),
            [
                "block leaves blockPublicPolicy off. Set blockPublicPolicy: true. [blockPublicPolicy]",
                "block leaves ignorePublicAcls off. Set ignorePublicAcls: true. [ignorePublicAcls]",
                "block leaves restrictPublicBuckets off. Set restrictPublicBuckets: true. [restrictPublicBuckets]",
            ],
        );
    });

    it("judges the other switches when one is unknown", async () => {
        assert.deepEqual(
            await judge(publicAccessBlock, block({ ...all, blockPublicAcls: UNKNOWN, ignorePublicAcls: false })),
            [
                unknown("block", "blockPublicAcls"),
                "block leaves ignorePublicAcls off. Set ignorePublicAcls: true. [ignorePublicAcls]",
            ],
        );
    });

    for (const resource of [
        {
            type: "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
            props: { ...all, blockPublicPolicy: undefined },
        },
        accessPoint({ publicAccessBlockConfiguration: { blockPublicPolicy: false } }),
        accessPoint({ publicAccessBlockConfiguration: [{ blockPublicPolicy: "false" }] }),
        multiRegion({ blockPublicPolicy: false }),
    ]) {
        it(`refuses a switch off in ${JSON.stringify(resource)}`, async () => {
            assert.deepEqual(await judge(publicAccessBlock, JSON.parse(JSON.stringify(resource)) as Declared), [
                "it leaves blockPublicPolicy off. Set blockPublicPolicy: true. [blockPublicPolicy]",
            ]);
        });
    }

    it("finds a bucket's block by name", async () => {
        assert.deepEqual(await judgeStack(publicAccessBlock, [bucket({ bucket: "b" }), block(all)]), []);
    });

    it("finds a bucket's block by an unknown output", async () => {
        const ofData = { ...block({ ...all, bucket: UNKNOWN }), refers: { bucket: ["data"] } };
        assert.deepEqual(await judgeStack(publicAccessBlock, [{ ...bucket(), outputs: { id: UNKNOWN } }, ofData]), []);
    });

    for (const type of [BUCKET, "aws:s3/bucketV2:BucketV2"]) {
        it(`refuses a ${type} when only another bucket has a block`, async () => {
            const data = { ...bucket({ bucket: "other" }), type };
            assert.deepEqual(await judgeStack(publicAccessBlock, [data, block(all)]), [NO_BLOCK]);
        });
    }
});

describe("s3-no-public-acl", () => {
    const MEND = "Leave the ACL out, or set acl: private.";
    const grantTo = (group: string) => ({
        permissions: ["READ"],
        type: "Group",
        uri: `http://acs.amazonaws.com/groups/${group}`,
    });
    const policyTo = (group: string) => ({
        accessControlPolicy: { owner: { id: "1" }, grants: [{ grantee: grantTo(group), permission: "READ" }] },
    });

    for (const [type, props] of [
        [BUCKET, {}],
        [BUCKET, { acl: "private", grants: [{ type: "CanonicalUser", id: "1", permissions: ["READ"] }] }],
        ["aws:s3/bucketAcl:BucketAcl", { bucket: UNKNOWN, acl: "log-delivery-write" }],
        ["aws:s3/bucketAcl:BucketAcl", policyTo("s3/LogDelivery")],
        ["aws:s3/bucketObjectv2:BucketObjectv2", { acl: "bucket-owner-full-control" }],
    ] as const) {
        it(`takes a ${type} with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(noPublicAcl, { type, props }), []);
        });
    }

    for (const type of [
        ...["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2", BUCKET, "aws:s3/bucketV2:BucketV2"],
        ...["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/objectCopy:ObjectCopy"],
    ]) {
        for (const acl of ["public-read", "public-read-write", "authenticated-read"]) {
            it(`refuses a ${type} with the ACL ${acl}`, async () => {
                assert.deepEqual(await judge(noPublicAcl, { type, props: { acl } }), [
                    `it has the ACL ${acl}. ${MEND} [${acl}]`,
                ]);
            });
        }
    }

    for (const [type, props, group] of [
        [BUCKET, { grants: [grantTo("global/AllUsers")] }, "AllUsers"],
        ["aws:s3/bucketV2:BucketV2", { grants: [{}, grantTo("global/AuthenticatedUsers")] }, "AuthenticatedUsers"],
        ["aws:s3/bucketAcl:BucketAcl", policyTo("global/AllUsers"), "AllUsers"],
    ] as const) {
        it(`refuses a grant to ${group} in a ${type}`, async () => {
            assert.deepEqual(await judge(noPublicAcl, { type, props }), [
                `it has an ACL with a grant to ${group}. Take the grant to ${group} away. [${group}]`,
            ]);
        });
    }

    it("judges grants when the ACL is unknown", async () => {
        assert.deepEqual(await judge(noPublicAcl, bucket({ acl: UNKNOWN, grants: [grantTo("global/AllUsers")] })), [
            unknown("data", "acl"),
            "data has an ACL with a grant to AllUsers. Take the grant to AllUsers away. [AllUsers]",
        ]);
    });
});

describe("s3-acls-disabled", () => {
    const MEND =
        "Give the bucket an aws.s3.BucketOwnershipControls with the rule objectOwnership: BucketOwnerEnforced.";
    const ownership = (rule: unknown) => ({
        type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        name: "ownership",
        props: { bucket: "b", rule },
    });
    const data = bucket({ bucket: "b" });

    for (const rule of [{ objectOwnership: "BucketOwnerEnforced" }, [{ objectOwnership: "BucketOwnerEnforced" }]]) {
        it(`takes ${JSON.stringify(rule)}`, async () => {
            assert.deepEqual(await judgeStack(aclsDisabled, [data, ownership(rule)]), []);
        });
    }

    it("refuses a bucket that says nothing", async () => {
        assert.deepEqual(await judgeStack(aclsDisabled, [data]), [`data does not say that ACLs are off. ${MEND}`]);
    });

    for (const objectOwnership of ["BucketOwnerPreferred", "ObjectWriter"]) {
        it(`refuses ${objectOwnership}`, async () => {
            assert.deepEqual(await judgeStack(aclsDisabled, [data, ownership({ objectOwnership })]), [
                `data lets ACLs count by the ownership ${objectOwnership}. ${MEND}`,
            ]);
        });
    }

    it("does not take an unknown ownership for the right one", async () => {
        assert.deepEqual(await judgeStack(aclsDisabled, [data, ownership({ objectOwnership: UNKNOWN })]), [
            unknown("data", "rule.objectOwnership"),
        ]);
    });
});

describe("s3-cors-no-wildcard", () => {
    const cors = (allowedMethods: unknown, allowedOrigins: unknown) => ({ allowedMethods, allowedOrigins });
    const TYPE = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration";

    for (const [title, corsRules] of [
        ["writes from named origins", [cors(["POST", "PUT"], ["https://app.example.com", "https://*.example.com"])]],
        ["reads from everywhere", [cors(["GET", "HEAD"], ["*"])]],
        ["reads from an origin that is still unknown", [cors(["GET"], [UNKNOWN])]],
        ["nothing", []],
    ] as const) {
        it(`takes a bucket that allows ${title}`, async () => {
            assert.deepEqual(await judge(corsNoWildcard, { type: TYPE, props: { corsRules } }), []);
        });
    }

    for (const type of [TYPE, "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2", BUCKET]) {
        for (const [methods, origins, origin] of [
            [["GET", "POST"], ["https://app.example.com", "*"], "*"],
            ["POST", "https://*", "https://*"],
            [["POST"], ["http*"], "http*"],
        ] as const) {
            it(`refuses POST from ${origin} in a ${type}`, async () => {
                const corsRules = [cors(["GET"], ["*"]), cors(methods, origins)];
                assert.deepEqual(await judge(corsNoWildcard, { type, props: { corsRules } }), [
                    `it allows POST from the origin ${origin} in CORS rule 2. ` +
                        `Name in allowedOrigins the origins of your own sites. [${origin}]`,
                ]);
            });
        }
    }

    it("judges the other rules when one is unknown", async () => {
        const corsRules = [cors(["PUT"], UNKNOWN), cors(["PUT", "DELETE"], ["*"])];
        assert.deepEqual(await judge(corsNoWildcard, { type: TYPE, props: { corsRules } }), [
            unknown("it", "corsRules.0.allowedOrigins"),
            "it allows PUT, DELETE from the origin * in CORS rule 2. " +
                "Name in allowedOrigins the origins of your own sites. [*]",
        ]);
    });
});

describe("s3-no-website", () => {
    const MEND = "Take the web site away and serve the objects through CloudFront with origin access control.";

    for (const props of [{}, { websites: [] }, { website: null }]) {
        it(`takes a bucket with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(noWebsite, bucket(props)), []);
        });
    }

    for (const [type, props] of [
        ["aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", { bucket: UNKNOWN }],
        ["aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2", {}],
        [BUCKET, { website: { indexDocument: "index.html" } }],
        ["aws:s3/bucketV2:BucketV2", { websites: [{ indexDocument: UNKNOWN }] }],
    ] as const) {
        it(`refuses a ${type} with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(noWebsite, { type, props }), [`it serves a web site. ${MEND}`]);
        });
    }
});
