import * as crypto from "node:crypto";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { bundleProgram, root } from "./bundle";
import type { Encryption } from "./encryption";
import { stackNames } from "./names";
import { contextFiles, contextHash } from "./packaging/buildContext";
import { writeBundle } from "./packaging/writeBundle";

/** Arguments for {@link ContainerImage}. */
export interface ContainerImageArgs {
    /** The TypeScript module that is the program, relative to the project's folder, e.g. `handlers/work/drain.ts`. */
    readonly entry: string;
    /**
     * Processors that it runs on.
     *
     * @default "ARM64"
     */
    readonly architecture?: Architecture;
    /**
     * Number of images that are kept, so that an earlier one can be run again. Older ones are deleted.
     *
     * @default 10
     */
    readonly keepImages?: number;
    readonly encryption: Encryption;
    /**
     * Guards the repository against deletion while images are in it.
     *
     * @default true
     */
    readonly protectData?: boolean;
}

/** Processors, as ECS names them. */
export type Architecture = "ARM64" | "X86_64";

/** Facts of the images that the Dockerfile makes, which tasks have to know. */
export const builtImage = {
    node: "/nodejs/bin/node",
    /** Number of the base image's user `nonroot`. */
    user: "65532",
    /** The folder that is a volume. */
    volume: "/tmp",
} as const;

/**
 * A container image of one program, made by the Dockerfile, in a repository of its own. Only a deployment needs Docker, to build it; the
 * local run starts {@link program} in its place.
 */
export class ContainerImage extends pulumi.ComponentResource {
    /** ARN of the repository, known before deploy. */
    public readonly repositoryArn: string;
    /**
     * What a container is made from: `<repository>:<tag>`. It is known in a preview, as a digest would not be, and stands for one content
     * only, since tags are immutable. It is there to be pulled once {@link image} was made.
     */
    public readonly imageUri: pulumi.Output<string>;
    /** Path of the bundled program, relative to the project's folder. */
    public readonly program: pulumi.Output<string>;
    public readonly architecture: Architecture;
    public readonly image: awsx.ecr.Image;

    constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:ContainerImage", name, {}, opts);
        const names = stackNames();
        const { keyArn } = args.encryption;
        const repositoryName = names.physical(name);
        this.architecture = args.architecture ?? "ARM64";
        this.repositoryArn = names.arn("ecr", `repository/${repositoryName}`);
        const repository = new aws.ecr.Repository(
            `${name}-repository`,
            {
                name: repositoryName,
                imageTagMutability: "IMMUTABLE",
                imageScanningConfiguration: { scanOnPush: true },
                // ECR uses the key by grants that it gets from whoever makes the repository; nobody else needs to be allowed.
                encryptionConfigurations: [
                    keyArn ? { encryptionType: "KMS", kmsKey: keyArn } : { encryptionType: "AES256" },
                ],
                forceDelete: !(args.protectData ?? true),
            },
            { parent: this },
        );
        new aws.ecr.LifecyclePolicy(
            `${name}-lifecycle`,
            { repository: repository.name, policy: lifecyclePolicy(args.keepImages ?? 10) },
            { parent: this },
        );
        const platform = this.architecture === "ARM64" ? "linux/arm64" : "linux/amd64";
        const declared = pulumi.output(declare(name, args.entry, platform));
        this.image = new awsx.ecr.Image(
            `${name}-image`,
            {
                // Unknown until the repository exists: only then does awsx ask for credentials.
                repositoryUrl: repository.repositoryUrl,
                context: ".",
                platform,
                imageTag: declared.tag,
                args: declared.buildArguments,
            },
            // Tasks that start while the next image is deployed still pull the last one; the lifecycle policy deletes it later.
            { parent: this, retainOnDelete: true },
        );
        const domain = names.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
        const registry = `${names.account}.dkr.ecr.${names.region}.${domain}`;
        this.imageUri = pulumi.interpolate`${registry}/${repositoryName}:${declared.tag}`;
        this.program = declared.program;
        this.registerOutputs({ imageUri: this.imageUri });
    }
}

/** Images without a tag are what a build left unfinished. */
function lifecyclePolicy(keepImages: number): string {
    const rule = (rulePriority: number, description: string, selection: object) => ({
        rulePriority,
        description,
        selection,
        action: { type: "expire" },
    });
    return JSON.stringify({
        rules: [
            rule(1, "Delete images without a tag after a day", {
                tagStatus: "untagged",
                countType: "sinceImagePushed",
                countUnit: "days",
                countNumber: 1,
            }),
            rule(2, `Keep the last ${keepImages} images`, {
                tagStatus: "tagged",
                tagPatternList: ["*"],
                countType: "imageCountMoreThan",
                countNumber: keepImages,
            }),
        ],
    });
}

/**
 * Bundles the program, and says what Docker is to build from the same sources. The tag is a hash of all that the build is given, so that
 * no build ever brings other content under a tag that ECR has already.
 */
async function declare(name: string, entry: string, platform: string) {
    const bundle = await bundleProgram(entry);
    const sent = new Set(contextFiles(root));
    const missing = bundle.files.filter((file) => !file.includes("node_modules/") && !sent.has(file));
    if (missing.length > 0) {
        throw new Error(`${name} cannot be built as an image: .dockerignore does not let in ${missing.join(", ")}`);
    }
    const content = { ENTRY: entry, SHA256: bundle.sha256 };
    const tag = crypto
        .createHash("sha256")
        .update(JSON.stringify({ context: contextHash(root), platform, ...content }))
        .digest("hex")
        .slice(0, 32);
    return {
        tag,
        buildArguments: { ...content, TAG: tag, SOURCE_DATE_EPOCH: "0" },
        program: await writeBundle(name, bundle),
    };
}
