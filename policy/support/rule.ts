import type { Stack, StackResource, Resource } from "./resources";

/** What a finding of a rule does: stops the preview or deployment, is shown, or nothing. */
export type Level = "mandatory" | "advisory" | "disabled";

/** A stack whose levels are written down. Every other stack gets those of `prod`. */
export type JudgedStack = "dev" | "prod";

/**
 * One rule of the pack: what it says, and its checks. A file of `policy/rules/<service>/` exports one as `rule` and has its
 * id as name.
 *
 * A check yields a {@link Fault} for each thing that is wrong, and nothing for what is right. It only reads: an unknown value
 * that it touches, or any other error, becomes a finding at the rule's own level. What is judged piece by piece (statements,
 * containers) is passed through `each`, so that one piece that can't be read does not hide the others.
 */
export interface Rule {
    /** Lower case with hyphens, the service first. */
    readonly id: string;
    /** What holds when no finding is made, as a sentence. */
    readonly title: string;
    /** What can happen otherwise, in one or two sentences. */
    readonly why: string;
    /** How to mend a finding: a sentence in the imperative, which ends each message. */
    readonly mend: string;
    /** Where the rule comes from, e.g. `cdk-nag AwsSolutions-SQS4`, `Security Hub SQS.1`, `checkov CKV_AWS_27`; or `quartet`. */
    readonly sources: readonly string[];
    readonly severity: "low" | "medium" | "high" | "critical";
    readonly levels: Readonly<Record<JudgedStack, Level>>;
    /** Types of the resources that are judged, by their current tokens (`…V2` and other old names are added by the pack). */
    readonly types: readonly string[];
    /** Types that are looked at beside those, to judge them. @default - none */
    readonly joins?: readonly string[];
    /** Settings of the rule, each with its value for either stack. @default - none */
    readonly options?: Readonly<Record<string, RuleOption>>;
    /** Judges one resource by its inputs, before it is made or changed. */
    check?(resource: Resource, config: RuleConfig): Faults;
    /** Judges one resource among all others of the stack. */
    checkInStack?(resource: StackResource, stack: Stack, config: RuleConfig): Faults;
    /** Judges the stack as a whole. Faults should name a resource where there is one. */
    checkStack?(stack: Stack, config: RuleConfig): Faults;
}

/** A setting of a rule, which a team changes in `policy/<stack>.json`. */
export interface RuleOption {
    /** What it sets, its unit. */
    readonly what: string;
    /** JSON Schema of the value. */
    readonly schema: Readonly<Record<string, unknown>>;
    readonly dev: unknown;
    readonly prod: unknown;
}

/** Values of a rule's options. */
export type RuleConfig = Readonly<Record<string, unknown>>;

/** What a check yields; a check that needs facts which are loaded may yield asynchronously. */
export type Faults = Iterable<Fault> | AsyncIterable<Fault>;

/** One thing that is wrong with a resource. */
export interface Fault {
    /** What is wrong, as the predicate of a sentence whose subject is the resource, without a full stop: `allows s3:*`. Never a secret value. */
    readonly fault: string;
    /** Tells this fault from others that the same rule finds in the same resource; exceptions name it. @default - the rule's id */
    readonly finding?: string;
    /** How to mend this fault, where the rule's own sentence does not fit. */
    readonly mend?: string;
    /** The resource, where it is another than the judged one. */
    readonly resource?: Pick<Resource, "urn" | "type" | "name">;
}
