import { artifactSizes } from "./artifactSizes";
import { printColumns } from "./columns";
import { run } from "./run";

// The command `npm run sizes`: each function's artifact beside a direct esbuild bundle of the same handler.

run(async () => {
    const rows = (await artifactSizes()).map(({ name, bytes, directBytes, limit }) => [
        name,
        String(bytes),
        String(directBytes),
        (bytes / directBytes).toFixed(3),
        String(limit),
    ]);
    printColumns([["function", "bytes", "direct bundle", "ratio", "limit"], ...rows]);
});
