import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { bundleProgram } from "../../components/support/bundle";
import { builtImage, ContainerImage, type ContainerImageArgs } from "../../components/support/containerImage";
import { Encryption } from "../../components/support/encryption";
import { contextFiles, contextHash } from "../../components/support/packaging/buildContext";
import { projectFolder, resource } from "../support/plans";
import { operations } from "./support/blocks";
import { planOfProgram } from "./support/evaluate";

const entry = "handlers/shared/authorizeTokens.ts";

describe("a container image", () => {
    const planOfImage = async (more: Partial<ContainerImageArgs> = {}, opts?: pulumi.ComponentResourceOptions) => {
        let uri: Promise<string> | undefined;
        let program: Promise<string> | undefined;
        const plan = await planOfProgram(() => {
            const image = new ContainerImage("work", { entry, encryption: operations().encryption, ...more }, opts);
            uri = new Promise((resolve) => image.imageUri.apply(resolve));
            program = new Promise((resolve) => image.program.apply(resolve));
        });
        return { plan, uri: await uri!, program: await program! };
    };

    it("lies in a repository that scans each image, never changes a tag, and is encrypted by AWS's key", async () => {
        const { plan } = await planOfImage();

        assert.deepEqual(resource(plan, "aws:ecr/repository:Repository", "work-repository").inputs, {
            name: "quartet-dev-work",
            imageTagMutability: "IMMUTABLE",
            imageScanningConfiguration: { scanOnPush: true },
            encryptionConfigurations: [{ encryptionType: "AES256" }],
            forceDelete: false,
        });
    });

    it("goes with its repository where data is not protected", async () => {
        const { plan } = await planOfImage({ protectData: false });

        assert.equal(resource(plan, "aws:ecr/repository:Repository", "work-repository").inputs.forceDelete, true);
    });

    it("is encrypted by the customer key, whose policy names nobody for it: ECR has grants", async () => {
        const plan = await planOfProgram(() => {
            const encryption = new Encryption("encryption", { mode: "customer-key" });
            new ContainerImage("work", { entry, encryption });
            encryption.createKey();
        });

        const key = resource(plan, "aws:kms/key:Key", "encryption-key");
        const { inputs } = resource(plan, "aws:ecr/repository:Repository", "work-repository");
        assert.deepEqual(inputs.encryptionConfigurations, [{ encryptionType: "KMS", kmsKey: key.outputs.arn }]);
        assert.equal((JSON.parse(key.inputs.policy as string) as { Statement: unknown[] }).Statement.length, 1);
    });

    it("is kept while it is one of the last, and for a day when it has no tag", async () => {
        const { plan } = await planOfImage({ keepImages: 3 });

        const { policy, repository } = resource(
            plan,
            "aws:ecr/lifecyclePolicy:LifecyclePolicy",
            "work-lifecycle",
        ).inputs;
        assert.equal(repository, "quartet-dev-work");
        const { rules } = JSON.parse(policy as string) as { rules: Record<string, unknown>[] };
        assert.deepEqual(
            rules.map(({ rulePriority, selection, action }) => [rulePriority, selection, action]),
            [
                [
                    1,
                    { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
                    { type: "expire" },
                ],
                [
                    2,
                    { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 3 },
                    { type: "expire" },
                ],
            ],
        );
    });

    it("is built by Docker from this folder, with the very bundle that stands for it on this machine", async () => {
        const { plan, uri, program } = await planOfImage();

        const { code, sha256 } = await bundleProgram(entry);
        const { args, ...inputs } = resource(plan, "awsx:ecr:Image", "work-image").inputs;
        const repositoryUrl = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/quartet-dev-work";
        const tag = uri.slice(repositoryUrl.length + 1);
        assert.match(tag, /^[0-9a-f]{32}$/);
        assert.equal(uri, `${repositoryUrl}:${tag}`);
        assert.deepEqual(inputs, { repositoryUrl, context: ".", platform: "linux/arm64", imageTag: tag });
        assert.deepEqual(args, { ENTRY: entry, SHA256: sha256, TAG: tag, SOURCE_DATE_EPOCH: "0" });
        assert.equal(program, path.join("dist", `work-${sha256.slice(0, 12)}`, "index.js"));
        assert.equal(fs.readFileSync(path.join(projectFolder, program), "utf8"), code);
    });

    it("has another tag for other processors, and the same for the same", async () => {
        const [one, same, other] = [
            await planOfImage(),
            await planOfImage(),
            await planOfImage({ architecture: "X86_64" }),
        ];

        assert.equal(one.uri, same.uri);
        assert.notEqual(one.uri, other.uri);
        assert.equal(resource(other.plan, "awsx:ecr:Image", "work-image").inputs.platform, "linux/amd64");
    });

    it("outlives its successor's deployment, for tasks that have yet to pull it", async () => {
        const retained: Record<string, boolean | undefined> = {};

        await planOfImage(
            {},
            {
                transformations: [
                    ({ type, opts }) => {
                        retained[type] = (opts as pulumi.CustomResourceOptions).retainOnDelete;
                        return undefined;
                    },
                ],
            },
        );

        assert.equal(retained["awsx:ecr:Image"], true);
        assert.equal(retained["aws:ecr/repository:Repository"], undefined);
    });

    it("is refused when Docker would not be sent all that it is made of", async () => {
        const elsewhere = "test/components/support/programs/credentials.ts";

        await assert.rejects(
            planOfImage({ entry: elsewhere }),
            /work cannot be built as an image: \.dockerignore does not let in test\/components\/support\/programs\/credentials\.ts$/,
        );
    });
});

describe("the Dockerfile", () => {
    const dockerfile = fs.readFileSync(path.join(projectFolder, "Dockerfile"), "utf8");
    const lines = (instruction: string) =>
        Array.from(dockerfile.matchAll(new RegExp(`^${instruction} (.*)$`, "gm")), ([, rest]) => rest);
    const [, final] = dockerfile.split(/^FROM /m).slice(1);

    it("makes an image of an ordinary user, without a shell, as tasks are told", () => {
        assert.match(final, /^gcr\.io\/distroless\/nodejs24-debian12:nonroot\n/);
        assert.match(final, /^USER nonroot$/m);
        assert.deepEqual(lines("ENTRYPOINT").map(String), [
            JSON.stringify([builtImage.node, "/app/index.js"]).replace(",", ", "),
        ]);
        assert.deepEqual(lines("VOLUME").map(String), [JSON.stringify([builtImage.volume])]);
        assert.doesNotMatch(final, /^RUN /m);
    });

    it("copies nothing that it is not sent", () => {
        const copied = lines("COPY").filter((rest) => !rest.startsWith("--from=build"));

        const paths = copied.flatMap((rest) => rest.split(" ").slice(0, -1)).filter((file) => file !== ".");
        assert.deepEqual(paths, ["package.json", "package-lock.json"]);
        assert.ok(paths.every((file) => contextFiles(projectFolder).includes(file)));
    });

    it("has the arguments that it is given, but for the one of BuildKit itself", async () => {
        const plan = await planOfProgram(
            () => void new ContainerImage("work", { entry, encryption: operations().encryption }),
        );

        const { args } = resource(plan, "awsx:ecr:Image", "work-image").inputs;
        assert.deepEqual([...lines("ARG"), "SOURCE_DATE_EPOCH"].sort(), Object.keys(args as object).sort());
    });
});

describe("the content of a Docker build", () => {
    let folder: string;
    const write = (file: string, text: string) => fs.writeFileSync(path.join(folder, file), text);
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
        fs.mkdirSync(path.join(folder, "in"));
        write(".dockerignore", "# Why\n*\n!in\n!one.ts\n");
        write("Dockerfile", "FROM scratch\n");
        ["in/a.ts", "in/b.ts", "one.ts", "out.ts"].forEach((file) => write(file, file));
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    it("is what .dockerignore excepts from everything", () => {
        assert.deepEqual(contextFiles(folder), ["in/a.ts", "in/b.ts", "one.ts"]);
    });

    it("has another hash when a file, a name, a mode or the Dockerfile is another, and no other reason", () => {
        const hashes = [contextHash(folder)];
        const after = (change: () => void) => {
            change();
            hashes.push(contextHash(folder));
        };

        after(() => write("one.ts", "changed"));
        after(() => fs.renameSync(path.join(folder, "in/b.ts"), path.join(folder, "in/c.ts")));
        after(() => fs.chmodSync(path.join(folder, "in/c.ts"), 0o755));
        after(() => write("Dockerfile", "FROM busybox\n"));
        assert.equal(new Set(hashes).size, 5);

        write("out.ts", "changed");
        assert.equal(contextHash(folder), hashes.at(-1));
    });

    it("is refused where .dockerignore excepts by patterns, takes something back, or names what is not there", () => {
        for (const text of ["*\n!in/*.ts\n", "*\n!in\nin/a.ts\n", "out.ts\n"]) {
            write(".dockerignore", text);
            assert.throws(() => contextFiles(folder), /^Error: \.dockerignore must say/);
        }
        write(".dockerignore", "*\n!none\n");
        assert.throws(() => contextFiles(folder), /ENOENT.*none/);
    });
});
