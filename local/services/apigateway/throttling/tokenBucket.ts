/** A rate limit: `burst` requests at once, refilled by `rate` a second. */
export interface TokenBucket {
    readonly rate: number;
    readonly burst: number;
    /** Whether a request could pass at a time in milliseconds; takes nothing. */
    allows(now: number): boolean;
    /** Takes one token; call {@link allows} first. */
    take(): void;
}

/** An account's own limit in most regions, in requests a second; it stands where another limit gives no rate. */
export const ACCOUNT_RATE = 10_000;

/** The same, in requests at once. */
export const ACCOUNT_BURST = 5_000;

/** A full bucket. */
export function createTokenBucket(rate: number, burst: number): TokenBucket {
    let tokens = burst;
    let filledAt: number | undefined;
    return {
        rate,
        burst,
        allows(now) {
            // A clock set back must not empty the bucket.
            const elapsed = Math.max(0, now - (filledAt ?? now));
            tokens = elapsed === 0 ? tokens : Math.min(burst, tokens + (elapsed * rate) / 1000);
            filledAt = now;
            return tokens >= 1;
        },
        take() {
            tokens -= 1;
        },
    };
}
