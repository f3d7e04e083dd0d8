import { forgetExceptions, register } from "../../../policy/support/exceptions";
import type { Mutation } from "../support/mutation";

const QUEUE = "aws:sqs/queue:Queue::uploads-queue";
const REASON = "A mutation of the test suite.";

export const mutations: readonly Mutation[] = [
    ...[
        ["nothing needs an exception any more", "9999-12-31"],
        ["an exception is past its last day", "2020-02-29"],
    ].map(([when, expires]): Mutation => ({
        rule: "pack-exceptions",
        when,
        change: (resources) => {
            register("sqs-encryption", [{ resource: QUEUE, reason: REASON, expires }]);
            return resources;
        },
    })),
];

// Exceptions live as long as the process, which other tests share.
afterEach(forgetExceptions);
