/** Runs a command: what it throws is printed as one line, and the process ends with code 1. */
export function run(command: () => void | Promise<void>): void {
    Promise.resolve()
        .then(command)
        .catch((error: unknown) => {
            console.error((error as Error).message);
            process.exitCode = 1;
        });
}
