// Entry point of the pack. Pulumi type-checks a pack that is TypeScript at each start, which takes seconds; `npm run check`
// has checked this one, so it is only compiled, and that once: see tools/register.cjs.
require("../tools/register.cjs");
require("./index.ts");
