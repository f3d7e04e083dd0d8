import { METRIC_ALARM, watches } from "../../support/cloudwatch/alarms";
import { DEAD_LETTER_TYPES, QUEUE, takesDeadLetters } from "../../support/sqs/queues";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "dlq-alarm",
    title: "An alarm goes off when a message arrives in a dead-letter queue.",
    why: "Dead letters are work that was not done; unless somebody hears of them, they are deleted after some days.",
    mend: "Declare an aws.cloudwatch.MetricAlarm of ApproximateNumberOfMessagesVisible with the queue's QueueName.",
    sources: ["quartet"],
    severity: "medium",
    levels: { dev: "disabled", prod: "advisory" },
    types: [QUEUE],
    joins: [METRIC_ALARM, ...DEAD_LETTER_TYPES.filter((type) => type !== QUEUE)],
    *checkInStack(queue, stack) {
        if (!takesDeadLetters(queue, stack)) {
            return;
        }
        if (!stack.ofType(METRIC_ALARM).some((alarm) => watches(alarm, METRICS, "QueueName", queue))) {
            yield { fault: "has no alarm for the dead letters that it takes" };
        }
    },
};

/** SQS counts messages that it moves by itself in none of the metrics of what was sent. */
const METRICS = ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"];
