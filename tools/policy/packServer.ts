import { spawn } from "node:child_process";
import * as path from "node:path";
import * as readline from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { configAsText, type Project } from "../../plan/project";

/** A policy pack that runs in a process of its own, as an engine runs it. */
export interface PackServer {
    /** What the pack says of itself: its policies, and the config it begins with. */
    info(): Promise<pb.AnalyzerInfo>;
    /** Gives the policies their levels and options, as an engine does before it asks. */
    configure(config: ReadonlyMap<string, pb.PolicyConfig>): Promise<void>;
    analyze(request: pb.AnalyzeRequest): Promise<pb.AnalyzeDiagnostic[]>;
    analyzeStack(request: pb.AnalyzeStackRequest): Promise<pb.AnalyzeDiagnostic[]>;
    /** Ends the process. */
    close(): void;
}

/**
 * Starts a policy pack by Pulumi's own program for that, and tells it of the stack, as an engine does.
 *
 * @param folder Folder of the pack.
 * @param project The stack that is to be judged; the pack sees its name and config.
 * @throws What the pack wrote, when it ends instead of serving.
 */
export async function startPack(folder: string, { name, stack, config }: Project): Promise<PackServer> {
    const program = path.join(path.dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd/run-policy-pack");
    // The first argument is the engine's address, which a pack uses for its log alone.
    const child = spawn(process.execPath, [program, "127.0.0.1:1", folder], {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const port = await new Promise<string>((resolve, reject) => {
        readline.createInterface({ input: child.stdout }).once("line", resolve);
        child.once("error", reject);
        child.once("close", (code) => reject(new Error(errors.trim() || `The policy pack ended with code ${code}.`)));
    });
    const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
        "grpc.max_receive_message_length": -1,
    });
    const stackRequest = new pb.AnalyzerStackConfigureRequest().setStack(stack).setProject(name).setDryRun(true);
    Object.entries(configAsText(config)).forEach(([key, value]) => stackRequest.getConfigMap().set(key, value));
    const close = () => {
        client.close();
        child.kill();
    };
    await answered<pb.AnalyzerStackConfigureResponse>((done) => client.configureStack(stackRequest, done)).catch(
        (error: unknown) => {
            close();
            throw error;
        },
    );
    return {
        info: () => answered((done) => client.getAnalyzerInfo(new Empty(), done)),
        async configure(policies) {
            const request = new pb.ConfigureAnalyzerRequest();
            policies.forEach((policy, id) => {
                // The server reads the properties of each policy, be there any or not.
                policy.setProperties(policy.getProperties() ?? new Struct());
                request.getPolicyconfigMap().set(id, policy);
            });
            await answered<Empty>((done) => client.configure(request, done));
        },
        analyze: (request) => diagnostics((done) => client.analyze(request, done)),
        analyzeStack: (request) => diagnostics((done) => client.analyzeStack(request, done)),
        close,
    };
}

type Call<Response> = (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown;

function answered<Response>(call: Call<Response>): Promise<Response> {
    return new Promise((resolve, reject) => call((error, response) => (error ? reject(error) : resolve(response))));
}

async function diagnostics(call: Call<pb.AnalyzeResponse>): Promise<pb.AnalyzeDiagnostic[]> {
    return (await answered(call)).getDiagnosticsList();
}
