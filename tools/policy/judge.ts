import * as path from "node:path";
import * as pb from "@pulumi/pulumi/proto/analyzer_pb";
import { loadPlan } from "../../plan/load";
import type { Project } from "../../plan/project";
import type { Plan } from "../../plan/types";
import { currentType } from "../../policy/support/types";
import { loadRules } from "../../policy/support/loadRules";
import { startPack, type PackServer } from "./packServer";
import { resourceRequests, stackRequest } from "./requests";

/** What the pack says about a stack of the program. */
export interface Judgement {
    readonly stack: string;
    /** Mandatory ones first, then by resource in the order of the program. */
    readonly findings: readonly Finding[];
    /** Number of resources that were judged. */
    readonly resources: number;
    /** Number of rules that were asked; those that the stack's config disables are not. */
    readonly rules: number;
    /** Types of the program's resources that no rule looks at. */
    readonly unjudgedTypes: readonly string[];
    /** Remote components: what they are made of is known to their plugin alone, and judged in previews only. */
    readonly remoteTypes: readonly string[];
}

export interface Finding {
    readonly level: "mandatory" | "advisory";
    readonly rule: string;
    /** What the rule demands, as a sentence. */
    readonly title: string;
    /** One or two sentences: the resource, what is wrong, the mend. */
    readonly message: string;
    /** Absent for a finding about the stack as a whole. */
    readonly resource?: { readonly urn: string; readonly type: string; readonly name: string };
}

/** Judges a stack of the program by its plan, through the server of the pack, with the stack's own levels and exceptions. */
export async function judge(project: Project, onEvaluate?: () => void): Promise<Judgement> {
    const [pack, plan] = await bothOrNone(startPack(path.join(project.folder, "policy"), project), () =>
        loadPlan(project, onEvaluate),
    );
    try {
        const info = await pack.info();
        await pack.configure(info.getInitialconfigMap() as unknown as ReadonlyMap<string, pb.PolicyConfig>);
        const ofResources = await Promise.all(resourceRequests(plan).map((request) => pack.analyze(request)));
        const diagnostics = [...ofResources.flat(), ...(await pack.analyzeStack(stackRequest(plan)))];
        const findings = diagnostics.map((diagnostic) => finding(diagnostic, plan));
        return {
            stack: project.stack,
            findings: inOrder(findings, plan),
            resources: plan.resources.filter(({ custom, remote }) => custom || remote).length,
            rules: activeRules(info),
            ...coverage(plan),
        };
    } finally {
        pack.close();
    }
}

/** Does two things at once; a pack that was started is ended when the other fails. */
async function bothOrNone(started: Promise<PackServer>, load: () => Promise<Plan>): Promise<[PackServer, Plan]> {
    const [pack, plan] = await Promise.allSettled([started, load()]);
    if (pack.status === "rejected") {
        throw pack.reason;
    }
    if (plan.status === "rejected") {
        pack.value.close();
        throw plan.reason;
    }
    return [pack.value, plan.value];
}

function finding(diagnostic: pb.AnalyzeDiagnostic, { resources }: Plan): Finding {
    const resource = resources.find(({ urn }) => urn === diagnostic.getUrn());
    const title = diagnostic.getDescription();
    return {
        level: diagnostic.getEnforcementlevel() === pb.EnforcementLevel.MANDATORY ? "mandatory" : "advisory",
        rule: diagnostic.getPolicyname(),
        title,
        message: diagnostic.getMessage().replace(`${title}\n`, ""),
        ...(resource && { resource: { urn: resource.urn, type: resource.type, name: resource.name } }),
    };
}

function inOrder(findings: readonly Finding[], { resources }: Plan): Finding[] {
    const places = new Map(resources.map(({ urn }, index) => [urn, index]));
    const place = ({ level, resource }: Finding) =>
        (level === "mandatory" ? 0 : resources.length + 1) + (places.get(resource?.urn ?? "") ?? resources.length);
    return [...findings].sort((one, other) => place(one) - place(other));
}

function activeRules(info: pb.AnalyzerInfo): number {
    const config = info.getInitialconfigMap();
    return info
        .getPoliciesList()
        .map((policy) => config.get(policy.getName())?.getEnforcementlevel() ?? policy.getEnforcementlevel())
        .filter((level) => level !== pb.EnforcementLevel.DISABLED).length;
}

function coverage({ resources }: Plan): Pick<Judgement, "unjudgedTypes" | "remoteTypes"> {
    const judged = new Set(loadRules().flatMap(({ types, joins = [] }) => [...types, ...joins]));
    const typesOf = (kind: "custom" | "remote") => [
        ...new Set(resources.filter((each) => each[kind] === true).map(({ type }) => currentType(type))),
    ];
    return {
        unjudgedTypes: typesOf("custom")
            .filter((type) => !judged.has(type))
            .sort(),
        remoteTypes: typesOf("remote").sort(),
    };
}
