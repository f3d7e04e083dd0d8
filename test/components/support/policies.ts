import type { Plan } from "../../../plan/types";
import { resource, statements } from "../../support/plans";

/** Both stacks and their accounts. */
export const stacks = [
    { stack: "dev", account: "111111111111" },
    { stack: "prod", account: "222222222222" },
] as const;

/** The statements of the one policy of a callback's role. */
export function policyOf(plan: Plan, callback: string): unknown[] {
    return statements(resource(plan, "aws:iam/rolePolicy:RolePolicy", `${callback}-policy`).inputs.policy);
}

/** What every function may do: write its own log, and traces. */
export function logAndTraces(account: string, functionName: string): unknown[] {
    return [
        {
            Sid: "WriteOwnLog",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `arn:aws:logs:eu-west-1:${account}:log-group:/aws/lambda/${functionName}:*`,
        },
        {
            Sid: "WriteTraces",
            Effect: "Allow",
            Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
            Resource: "*",
        },
    ];
}

/** The statements that turn everybody away who comes without TLS, to a service's resources. */
export function tlsOnly(service: string, resources: string | readonly string[]): unknown[] {
    return [
        {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: `${service}:*`,
            Resource: resources,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
    ];
}
