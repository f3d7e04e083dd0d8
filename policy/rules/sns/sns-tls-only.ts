import { deniesWithoutTls } from "../../support/iam/tlsOnly";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "sns-tls-only",
    title: "Topics refuse messages that are published without TLS.",
    why: "A request over plain HTTP shows its message, and the signature of its caller, to everybody on the way.",
    mend: "Give the topic a policy that denies sns:Publish to everybody where aws:SecureTransport is false.",
    sources: ["cdk-nag AwsSolutions-SNS3"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:sns/topic:Topic"],
    joins: ["aws:sns/topicPolicy:TopicPolicy"],
    *checkInStack(topic, stack) {
        const policies = [topic, ...stack.naming(topic, "arn", "aws:sns/topicPolicy:TopicPolicy")];
        // SNS takes no sns:* in a topic's policy.
        if (!policies.some((policy) => deniesWithoutTls(policy, ["sns:Publish"], [""]))) {
            yield { fault: "has no policy that refuses to publish without TLS" };
        }
    },
};
