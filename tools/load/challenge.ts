import { jsonOf } from "./tally";
import type { LoadContext, SystemLoad } from "./types";

/** ChallengeApi: each request greets a name of its own. Nothing is stored, so the promise is the right answer. */
export function challengeLoad({ target: { outputs, apiKey } }: LoadContext): SystemLoad {
    return {
        step: "GET /hello",
        repeats: false,
        request: (id) => ({
            method: "GET",
            url: `${outputs.challengeApiUrl}/hello?name=${id}`,
            headers: { "x-api-key": apiKey, "user-agent": "quartet-load" },
        }),
        audit(sent) {
            const accepted = sent.filter(({ answer }) => answer?.status === 200);
            const wrong = accepted.filter(({ id, answer }) => jsonOf(answer!.body)?.message !== `Hello, ${id}!`);
            return Promise.resolve({
                accepted: accepted.length,
                findings: wrong.map(({ id }) => ({ kind: "wrong", id, seen: "the answer greets another name" })),
                ends: { "right answers": accepted.length - wrong.length },
            });
        },
    };
}
