import { task, worker } from "./definitions";
import { startEcs } from "./ecsServer";

/** In a process of its own: starts a task in a folder, and tells its ARN and its process id once it runs. */
async function main(dataDir: string): Promise<void> {
    const server = await startEcs([task("worker", worker)], { dataDir });
    const { taskArn } = await server.run("worker");
    await server.events.next(({ lastStatus }) => lastStatus === "RUNNING");
    const line = await server.lines.next((text) => text.startsWith("pid "));
    process.stdout.write(`${JSON.stringify({ taskArn, pid: Number(line.slice(4)) })}\n`);
}

void main(process.argv[2]);
