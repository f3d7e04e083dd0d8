import { added, type Mutation } from "../support/mutation";

const TOPIC = "aws:sns/topic:Topic";

export const mutations: readonly Mutation[] = [
    {
        rule: "sns-encryption",
        when: "alarms go to a topic without a key",
        change: (resources) => added(resources, TOPIC, { name: "alarms" }),
    },
    {
        rule: "sns-encryption",
        when: "alarms go to a topic with AWS's key",
        change: (resources) => added(resources, TOPIC, { name: "alarms", kmsMasterKeyId: "alias/aws/sns" }),
    },
    {
        rule: "sns-tls-only",
        when: "alarms go to a topic without a policy",
        change: (resources) => added(resources, TOPIC, { name: "alarms", kmsMasterKeyId: "alias/quartet" }),
    },
];
