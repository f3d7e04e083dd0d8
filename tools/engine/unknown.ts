/** What stands in a preview for a value that is known only after a deployment. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
