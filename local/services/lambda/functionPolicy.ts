import type { PlannedResource } from "../../../plan/types";

/** A statement of a function's resource policy. */
export interface PermissionStatement {
    readonly Sid: string;
    readonly Effect: "Allow";
    readonly Principal: string | Readonly<Record<string, string>>;
    readonly Action: string;
    readonly Resource: string;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The function's name and the statement that a planned `aws:lambda/permission:Permission` adds to its policy. */
export function toStatement(
    resource: PlannedResource,
    account: string,
    region: string,
): { functionName: string; statement: PermissionStatement } {
    const inputs = resource.inputs as PermissionInputs;
    const { name, qualifier } = parseFunctionName(inputs.function ?? "");
    const alias = inputs.qualifier ?? qualifier;
    const conditions: Record<string, Record<string, string>> = {
        ...(inputs.sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": inputs.sourceArn } }),
        ...stringEquals({
            "aws:SourceAccount": inputs.sourceAccount,
            "aws:PrincipalOrgID": inputs.principalOrgId,
            "lambda:FunctionUrlAuthType": inputs.functionUrlAuthType,
            "lambda:EventSourceToken": inputs.eventSourceToken,
        }),
    };
    return {
        functionName: name,
        statement: {
            Sid: String(resource.outputs.statementId ?? inputs.statementId ?? resource.name),
            Effect: "Allow",
            Principal: toPrincipal(inputs.principal ?? ""),
            Action: inputs.action ?? "lambda:InvokeFunction",
            Resource: `arn:aws:lambda:${region}:${account}:function:${name}${alias === undefined ? "" : `:${alias}`}`,
            ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
        },
    };
}

/** Takes apart what Lambda accepts for a function: a name, a partial ARN or an ARN, each with or without a version or alias. */
export function parseFunctionName(text: string): { name: string; qualifier?: string } {
    const [, name, qualifier] =
        /^(?:(?:arn:aws[\w-]*:lambda:[\w-]+:)?\d{12}:function:|function:)?([\w-]{1,64})(?::([\w$-]+))?$/.exec(text) ??
        [];
    return { name: name ?? text, ...(qualifier === undefined ? {} : { qualifier }) };
}

interface PermissionInputs {
    readonly function?: string;
    readonly qualifier?: string;
    readonly statementId?: string;
    readonly principal?: string;
    readonly action?: string;
    readonly sourceArn?: string;
    readonly sourceAccount?: string;
    readonly principalOrgId?: string;
    readonly functionUrlAuthType?: string;
    readonly eventSourceToken?: string;
}

function stringEquals(values: Record<string, string | undefined>): Record<string, Record<string, string>> {
    const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return given.length === 0 ? {} : { StringEquals: Object.fromEntries(given) };
}

/** As AddPermission writes it: a service, everybody, an account, or an identity. */
function toPrincipal(principal: string): PermissionStatement["Principal"] {
    if (principal === "*") {
        return "*";
    }
    if (/^\d{12}$/.test(principal)) {
        return { AWS: `arn:aws:iam::${principal}:root` };
    }
    return principal.startsWith("arn:") ? { AWS: principal } : { Service: principal };
}
