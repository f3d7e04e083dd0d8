import * as v from "valibot";
import { jsonObject, text, time } from "../shared/schemas";

/** Schema of one event: a non-empty object, whose known fields are checked when present. */
export function eventSchema() {
    return v.pipe(
        jsonObject({
            event_name: v.optional(text(1, 256)),
            user_id: v.optional(text(1, 256)),
            event_time: v.optional(time()),
            properties: v.optional(jsonObject({})),
        }),
        v.minEntries(1, "must not be empty"),
    );
}

/** Fields that {@link eventSchema} checks. */
export const KNOWN_FIELDS = ["event_name", "user_id", "event_time", "properties"];
