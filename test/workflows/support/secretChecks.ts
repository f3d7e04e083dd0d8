import type { Check } from "./checks";
import { titleOf, type Job, type Step } from "./workflow";

/** Checks of where secrets may be, and that no log shows one. */
export const secretChecks = {
    /** A secret is the whole value of a variable or input, of the step that needs it. */
    secretsByName: ({ text, jobs }) => [
        ...(/secrets:\s*inherit|toJSON\(\s*secrets|secrets\[/i.test(text) ? ["secrets are passed all at once"] : []),
        ...jobs
            .filter(({ env }) => JSON.stringify(env ?? {}).match(SECRET))
            .map(({ id }) => `${id} gives a secret to all of its steps`),
        ...jobs.flatMap(({ steps }) =>
            steps.flatMap((step) =>
                Object.values({ ...step.env, ...step.with })
                    .filter((value) => SECRET.test(String(value)) && !WHOLE.test(String(value)))
                    .map(() => `"${titleOf(step)}" makes a text with a secret in it`),
            ),
        ),
    ],

    /** GitHub masks the secrets that it knows, and no encoding or part of them. */
    nothingPrinted: ({ jobs }) =>
        jobs.flatMap(({ steps }) =>
            steps.flatMap((step) => [
                ...printed(step).map((name) => `"${titleOf(step)}" prints ${name}`),
                ...(/\bset -\w*x|\bbash -\w*x|^\s*(printenv|env)\s*$/m.test(step.run ?? "")
                    ? [`"${titleOf(step)}" prints all that it does`]
                    : []),
            ]),
        ),

    /** Before a step that may show a key, the keys are masked; and what reads them shows them to nobody else. */
    maskedBeforeUse: ({ jobs }) =>
        jobs.flatMap(({ steps }) =>
            steps.flatMap((step, index) => [
                ...(/\bnpm run\b.* smoke\b/.test(step.run ?? "") && !steps.slice(0, index).some(masksKeys)
                    ? [`"${titleOf(step)}" uses API keys that are not masked yet`]
                    : []),
                ...(step.run?.includes("--show-secrets") && !masksKeys(step)
                    ? [`"${titleOf(step)}" reads secrets without masking them`]
                    : []),
            ]),
        ),

    /** No key is stored: credentials come by OpenID Connect. */
    noStoredKeys: ({ text }) =>
        /aws-(access-key-id|secret-access-key):|secrets\.\w*(AWS|PULUMI)\w*/i.test(text)
            ? ["it uses a stored key of AWS or Pulumi"]
            : [],
} as const satisfies Record<string, Check>;

const SECRET = /\$\{\{[^}]*(secrets\.|github\.token|inputs\.token)/;

const WHOLE = /^\$\{\{ (secrets\.\w+|github\.token|inputs\.token(-\w+)?) \}\}$/;

/** The variables with secrets that a step's script hands to a command that prints. */
function printed({ run = "", env = {} }: Step): string[] {
    return Object.entries(env)
        .filter(([, value]) => SECRET.test(String(value)))
        .map(([name]) => name)
        .filter((name) => new RegExp(`\\b(echo|printf|cat|tee)\\b[^\\n]*\\$\\{?${name}\\b`).test(run));
}

function masksKeys({ run = "" }: Job["steps"][number]): boolean {
    return /value=\$\(pulumi stack output .*--show-secrets.*\)\s+echo "::add-mask::\$\{?value/.test(run);
}
