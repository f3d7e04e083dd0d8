import { sweepOrdersFactory, type SweepReport } from "../../../../handlers/orderService/sweepOrders";
import type { Way } from "../../../../handlers/orderService/sweepRules";

/** The sweep, with as much time left as its event says. */
export function timedSweepFactory(way: Way) {
    const sweep = sweepOrdersFactory(way);
    return ({ remainingMs }: { readonly remainingMs: number }): Promise<SweepReport> => {
        const end = Date.now() + remainingMs;
        return sweep({}, { awsRequestId: "sweep-1", getRemainingTimeInMillis: () => end - Date.now() });
    };
}
