/** Writes one line of JSON: what a task writes is not wrapped by anybody. */
export function log(line: object): void {
    process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}
