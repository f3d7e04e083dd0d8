import * as struct from "google-protobuf/google/protobuf/struct_pb";
import * as pb from "@pulumi/pulumi/proto/analyzer_pb";
import type { Policies } from "@pulumi/policy";
import { noteInputs } from "../../../policy/support/resources";
import type { Rule } from "../../../policy/support/rule";
import { toPolicies } from "../../../policy/support/toPolicies";

/** What stands for a text that is known only after a deployment. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as a program declares it. Its type may be an old token. */
export interface Declared {
    readonly type: string;
    /** @default "it" */
    readonly name?: string;
    readonly props?: Readonly<Record<string, unknown>>;
    /** What the provider answers beside the inputs; {@link UNKNOWN} where it can't tell yet. For stack rules alone. */
    readonly outputs?: Readonly<Record<string, unknown>>;
    /** For each property that comes from other resources' outputs, their names. For stack rules alone. */
    readonly refers?: Readonly<Record<string, readonly string[]>>;
    readonly protect?: boolean;
}

/** What the pack reports. */
export interface Diagnostic {
    readonly rule: string;
    readonly level: "mandatory" | "advisory" | "disabled";
    readonly message: string;
    /** Name of the resource; absent for a finding about the stack. */
    readonly resource?: string;
}

/**
 * Messages of a rule's check of one resource, through the server code of Pulumi's SDK.
 *
 * @param stack Whose levels and options hold. @default "prod"
 */
export async function judge(rule: Rule, resource: Declared, stack = "prod"): Promise<string[]> {
    return (await analyze([rule], resource, stack)).map(({ message }) => message);
}

/** Messages of a rule's check of a whole stack, through the server code of Pulumi's SDK. */
export async function judgeStack(rule: Rule, resources: readonly Declared[], stack = "prod"): Promise<string[]> {
    return (await analyzeStack([rule], resources, stack)).map(({ message }) => message);
}

/** All that rules report about one resource. */
export async function analyze(rules: readonly Rule[], resource: Declared, stack = "prod"): Promise<Diagnostic[]> {
    const { type, name = "it", props = {} } = resource;
    const request = new pb.AnalyzeRequest()
        .setType(type)
        .setName(name)
        .setUrn(urnOf(resource))
        .setProperties(struct.Struct.fromJavaScript(props as never))
        .setOptions(optionsOf(resource));
    const call = makeAnalyzeRpcFun("quartet", "1.0.0", "advisory", toPolicies(rules, stack));
    return diagnostics(call, request, rules);
}

/** All that rules report about a stack. */
export async function analyzeStack(
    rules: readonly Rule[],
    resources: readonly Declared[],
    stack = "prod",
): Promise<Diagnostic[]> {
    const request = new pb.AnalyzeStackRequest().setResourcesList(
        resources.map((resource) => {
            const { type, name = "it", props = {}, outputs = {}, refers = {} } = resource;
            const declared = new pb.AnalyzerResource()
                .setType(type)
                .setName(name)
                .setUrn(urnOf(resource))
                .setProperties(struct.Struct.fromJavaScript({ ...outputs, ...props } as never))
                .setOptions(optionsOf(resource));
            noteInputs(urnOf(resource), props);
            for (const key of Object.keys(refers)) {
                const named = resources.filter((other) => refers[key].includes(other.name ?? "it"));
                const urns = new pb.AnalyzerPropertyDependencies().setUrnsList(named.map(urnOf));
                declared.getPropertydependenciesMap().set(key, urns);
            }
            return declared;
        }),
    );
    const call = makeAnalyzeStackRpcFun("quartet", "1.0.0", "advisory", toPolicies(rules, stack));
    return diagnostics(call, request, rules);
}

/** Of the SDK, which keeps them out of its declarations. */
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = require("@pulumi/policy/server") as Record<
    "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun",
    (pack: string, version: string, level: string, policies: Policies) => Call
>;

type Call = (
    call: { request: unknown },
    callback: (error: Error | null, response: pb.AnalyzeResponse) => void,
) => unknown;

function diagnostics(call: Call, request: unknown, rules: readonly Rule[]): Promise<Diagnostic[]> {
    return new Promise((resolve, reject) => {
        call({ request }, (error, response) => {
            if (error) {
                reject(error);
                return;
            }
            resolve(response.getDiagnosticsList().map((diagnostic) => readable(diagnostic, rules)));
        });
    });
}

/** Messages begin with the rule's title on a line of its own, which says nothing of the finding. */
function readable(diagnostic: pb.AnalyzeDiagnostic, rules: readonly Rule[]): Diagnostic {
    const rule = diagnostic.getPolicyname();
    const title = rules.find(({ id }) => id === rule)?.title ?? "";
    const resource = diagnostic.getUrn().split("::").at(-1);
    return {
        rule,
        level: LEVELS[diagnostic.getEnforcementlevel()],
        message: diagnostic.getMessage().replace(`${title}\n`, ""),
        ...(resource && { resource }),
    };
}

const LEVELS: Readonly<Record<number, Diagnostic["level"]>> = {
    [pb.EnforcementLevel.ADVISORY]: "advisory",
    [pb.EnforcementLevel.MANDATORY]: "mandatory",
    [pb.EnforcementLevel.DISABLED]: "disabled",
};

function urnOf({ type, name = "it" }: Declared): string {
    return `urn:pulumi:test::quartet::${type}::${name}`;
}

function optionsOf({ protect = false }: Declared): pb.AnalyzerResourceOptions {
    return new pb.AnalyzerResourceOptions().setProtect(protect);
}
