import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ApiGatewayAccount } from "../../../../../components/support/apiGatewayAccount";
import { Callback } from "../../../../../components/support/callback";
import { Encryption } from "../../../../../components/support/encryption";
import { stackNames } from "../../../../../components/support/names";
import { PrivateBucket } from "../../../../../components/support/privateBucket";
import { RestApi } from "../../../../../components/support/restApi";
import { authorizeFactory } from "./authorize";
import { notesFactory } from "./notes";
import { notesRoutes } from "./routes";

// A component that the local run was not made for: a bucket, a function and an API.

class Notes extends pulumi.ComponentResource {
    public readonly url: pulumi.Output<string>;
    public readonly bucketName: string;

    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        super("made-up:components:Notes", name, {}, opts);
        const parent = { parent: this };
        const encryption = new Encryption("encryption", { mode: "customer-key", protectData: false }, parent);
        const operations = { encryption, logs: { retentionDays: 1, level: "INFO" as const }, alarmTopics: [] };
        const storage = new PrivateBucket(name, { encryption, protectData: false }, parent);
        const notes = new Callback(
            `${name}-answer`,
            {
                factory: notesFactory,
                description: "Keeps notes",
                allow: [
                    {
                        Effect: "Allow",
                        Action: ["s3:PutObject", "s3:GetObject"],
                        Resource: stackNames().bucketArn(storage.bucketName, "notes/*"),
                    },
                ],
                environment: { BUCKET: storage.bucketName },
                timeoutSeconds: 2,
                operations,
            },
            parent,
        );
        // Only for writing: reading must fail at the key, though the role's own policy allows it.
        encryption.allowRole({
            role: notes.role,
            roleArn: notes.roleArn,
            actions: ["kms:GenerateDataKey"],
            service: "s3",
            context: { "aws:s3:arn": storage.arn },
        });
        const authorize = new Callback(
            `${name}-authorize`,
            { factory: authorizeFactory, description: "Lets readers in", operations },
            parent,
        );
        const api = new RestApi(
            `${name}-api`,
            {
                title: "Notes",
                stage: "live",
                routes: notesRoutes(),
                callback: notes,
                corsOrigins: ["https://notes.example"],
                authorizer: { callback: authorize, header: "Authorization", rememberSeconds: 300 },
                account: new ApiGatewayAccount(`${name}-logging`, parent),
                operations,
            },
            parent,
        );
        // Named by AWS, as programs often leave it.
        new aws.s3.Bucket(`${name}-spare`, {}, parent);
        encryption.createKey();
        this.url = api.url;
        this.bucketName = storage.bucketName;
        this.registerOutputs({});
    }
}

const notes = new Notes("notes");

export const notesUrl = notes.url;
export const notesBucket = notes.bucketName;
