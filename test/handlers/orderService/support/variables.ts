/** Sets environment variables of this process for a suite, besides credentials, and gives them back their values at its end. */
export function withVariables(variables: () => Readonly<Record<string, string>>): void {
    const earlier = new Map<string, string | undefined>();
    before(() => {
        const all = {
            AWS_REGION: "us-east-1",
            AWS_ACCESS_KEY_ID: "AKIDTEST",
            AWS_SECRET_ACCESS_KEY: "wJalr",
            ...variables(),
        };
        for (const [name, value] of Object.entries(all)) {
            earlier.set(name, process.env[name]);
            process.env[name] = value;
        }
    });
    after(() => {
        for (const [name, value] of earlier) {
            if (value === undefined) {
                delete process.env[name];
            } else {
                process.env[name] = value;
            }
        }
    });
}
