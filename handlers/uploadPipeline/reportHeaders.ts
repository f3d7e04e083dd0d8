/** Header of answers that tells the file's status. Programs read it where the body is an error's. */
export const STATUS_HEADER = "x-file-status";

/** Header of a report that holds the id of the request which caused it all. */
export const CAUSE_HEADER = "x-request-id";
