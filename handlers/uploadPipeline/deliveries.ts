/** Deliveries of a message after which it becomes a dead letter. */
export const MOST_DELIVERIES = 5;
