/** Where a price comes from. None was read from AWS itself: quotes are those of public documents. */
export interface Source {
    /** Day, or month, on which it was so. */
    readonly date: string;
    /** What said so. */
    readonly of: string;
}

/** What AWS asks, in USD, in us-east-1, without discounts. */
export interface Price {
    /** USD for `per` units. */
    readonly usd: number;
    readonly per: number;
    readonly unit: string;
    /**
     * Cheaper prices: beyond so many units a month, so many USD for `per` units.
     *
     * @default `usd` for any amount, which is too much where AWS has cheaper steps that are not known here
     */
    readonly beyond?: readonly (readonly [units: number, usd: number])[];
    /**
     * Units a month that an account has for nothing, for all its systems together.
     *
     * @default none
     */
    readonly free?: number;
    /** A: several independent quotes of the AWS Price List API. B: repeated in many places, or one quote of the API. C: from memory. */
    readonly confidence: "A" | "B" | "C";
    readonly source: Source;
}

/** USD for so many units in a month, step by step. What an account has for nothing is not taken off: other systems share it. */
export function charge({ usd, per, beyond = [] }: Price, units: number): number {
    const steps = [[0, usd] as const, ...beyond];
    return steps.reduce((sum, [from, each], index) => {
        const to = steps[index + 1]?.[0] ?? Infinity;
        return sum + (Math.max(0, Math.min(units, to) - from) * each) / per;
    }, 0);
}
