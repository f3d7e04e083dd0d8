import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";

// Stands in the place of a container's program, and runs that, which lies beside it, unless something goes wrong with it.

/** What goes wrong in a container. */
export interface Fault {
    /** It exits with code 3, is killed, takes more memory than there is, does nothing any more, or does nothing while {@link Faults.hold}. */
    readonly kind: "exit" | "kill" | "fill" | "hang" | "pause";
    /** When: before the program runs, when it asks DynamoDB to take or to finish an order, or when it exits. */
    readonly at: "start" | "take" | "finish" | "end";
}

/** Which containers something goes wrong in, and what. */
export interface Faults {
    readonly faults: readonly Fault[];
    /** Of a hundred orders, so many have a container with a fault. @default 100 */
    readonly percent?: number;
    /** Changes which. @default "" */
    readonly seed?: string;
    /** Whether containers that paused still do, also those started under other faults. @default false */
    readonly hold?: boolean;
}

/** File beside this one that says what goes wrong: {@link Faults}. */
export const FAULTS_FILE = "faults.json";

/** The program itself, beside this one. */
export const PROGRAM_FILE = "program.js";

/** What goes wrong with an order, if anything does: always the same. */
export function faultOf({ faults, percent = 100, seed = "" }: Faults, orderId: string): Fault | undefined {
    const hash = crypto.createHash("sha256").update(`${seed} ${orderId}`).digest();
    return hash.readUInt16BE(0) % 100 < percent ? faults[hash.readUInt16BE(2) % faults.length] : undefined;
}

function main(): void {
    const fault = faultOf(currentFaults(), process.env.ORDER_ID ?? "");
    if (fault?.at === "start") {
        happen(fault);
    } else if (fault?.at === "end") {
        process.on("exit", () => happen(fault));
    } else if (fault) {
        beforeUpdates(fault.at, () => happen(fault));
    }
    require(path.join(__dirname, PROGRAM_FILE));
}

/** Acts before the first request of a kind is sent. */
function beforeUpdates(kind: "take" | "finish", act: () => void): void {
    const { end } = http.ClientRequest.prototype;
    let done = false;
    http.ClientRequest.prototype.end = function (this: http.ClientRequest, ...args: any[]) {
        const isUpdate = String(this.getHeader("x-amz-target")).endsWith(".UpdateItem");
        const body = String(args[0]);
        if (!done && isUpdate && kind === (/"(confirmed|rejected)"/.test(body) ? "finish" : "take")) {
            done = true;
            act();
        }
        return end.apply(this, args as Parameters<typeof end>);
    };
}

function happen({ kind }: Fault): void {
    // Whoever waits for the fault knows by this line that this container has it, and not the one of a later file.
    fs.writeSync(1, `${JSON.stringify({ fault: kind, faultOf: process.env.ORDER_ID })}\n`);
    if (kind === "exit") {
        process.exit(3);
    }
    if (kind === "kill") {
        process.kill(process.pid, "SIGKILL");
    }
    const held: Buffer[] = [];
    while (kind === "fill" && held.length < 20) {
        held.push(Buffer.alloc(MEBIBYTES_64, 1));
    }
    if (kind === "pause") {
        while (currentFaults().hold) sleep(20);
        return;
    }
    // Whoever waits for ever cannot handle a signal, and is to end by it all the same.
    process.removeAllListeners("SIGTERM");
    sleep(Infinity);
}

/** Nothing else happens meanwhile. */
function sleep(milliseconds: number): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function currentFaults(): Faults {
    return JSON.parse(fs.readFileSync(path.join(__dirname, FAULTS_FILE), "utf8")) as Faults;
}

const MEBIBYTES_64 = 67_108_864;

if (require.main === module) {
    main();
}
