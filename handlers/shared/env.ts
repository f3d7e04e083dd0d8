import * as v from "valibot";
import { check } from "./issues";

/**
 * The environment variables that a schema names, checked. For the factory of a handler: what is wrong stops the cold start.
 *
 * @throws An error that names every variable that is wrong, and no value.
 */
export function readEnv<const E extends v.ObjectEntries>(entries: E): v.InferOutput<v.ObjectSchema<E, undefined>> {
    const result = check(v.object(entries), process.env);
    if (result.issues) {
        const lines = result.issues.map(({ path, message }) => `${path.split(".")[0]} ${message}`);
        throw new Error(`Environment variables: ${[...new Set(lines)].join("; ")}`);
    }
    return result.output;
}

/** A variable that holds JSON of the shape given. */
export function jsonVariable<S extends v.GenericSchema>(schema: S) {
    return v.pipe(v.string(), v.parseJson(undefined, "must be JSON"), schema);
}

/** `CORS_ORIGINS`: a list of origins, or of `*` alone. */
export function corsOriginsVariable() {
    return jsonVariable(v.array(v.string()));
}
