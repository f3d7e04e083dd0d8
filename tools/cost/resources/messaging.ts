import { REQUESTS } from "../orders";
import { PRICES } from "../prices";
import type { Pricing, ServicePricing } from "./pricing";

/** Each message is sent, received and deleted. */
const queue: Pricing = (resource, month) => [
    {
        price: resource.inputs.fifoQueue ? PRICES.sqs.fifoRequest : PRICES.sqs.standardRequest,
        units: month.amount(resource, "messages") * REQUESTS + month.amount(resource, "requests"),
    },
];

const topic: Pricing = (resource, month) => [{ price: PRICES.sns.publish, units: month.amount(resource, "publishes") }];

/** SQS, SNS and EventBridge. */
export const messaging: ServicePricing = {
    priced: {
        "aws:sqs/queue:Queue": queue,
        "aws:sns/topic:Topic": topic,
    },
    free: [
        // Schedules, and events of AWS services. Source: https://aws.amazon.com/eventbridge/pricing/.
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sqs/queuePolicy:QueuePolicy",
        "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
        "aws:sqs/redrivePolicy:RedrivePolicy",
    ],
};
