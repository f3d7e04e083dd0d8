/** Parts of an ARN. Each may hold wildcards. */
export interface Arn {
    readonly partition: string;
    readonly service: string;
    readonly region: string;
    readonly account: string;
    /** All after the fifth colon, e.g. `table/orders/index/by-time` or `log-group:x:*`. */
    readonly resource: string;
}

/** An ARN's parts, or undefined for what is none. */
export function parseArn(text: string): Arn | undefined {
    const match = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.+)$/s.exec(text);
    if (!match) {
        return undefined;
    }
    const [, partition, service, region, account, resource] = match;
    return { partition, service, region, account, resource };
}

/** The account of an ARN, undefined when it names none. */
export function accountOf(arn: string): string | undefined {
    return /^\d{12}$/.exec(parseArn(arn)?.account ?? "")?.[0];
}

/** Whether a text holds a wildcard of IAM. */
export function hasWildcard(text: string): boolean {
    return /[*?]/.test(text);
}
