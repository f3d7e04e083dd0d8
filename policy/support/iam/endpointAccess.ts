import { isFixedTo } from "./fixedValues";
import { narrowsResource } from "./narrowing";
import { toldBy } from "./resourceIds";
import type { Statement } from "./statements";

/**
 * Whether a statement of a VPC endpoint's policy, though its principal is `*`, allows less than the policy that AWS gives to
 * endpoints without one. Such a policy grants nothing, it only lets requests of the VPC through, and a gateway's must have `*`:
 * so the resources may narrow it, too, or the accounts that they are in.
 *
 * @param open Resources for which it is not narrowed to callers.
 */
export async function endpointIsNarrowed({ conditions }: Statement, open: readonly string[]): Promise<boolean> {
    if (isFixedTo(conditions, tellsOwner) || narrowsResource(conditions)) {
        return true;
    }
    return !(await Promise.all(open.map(toldBy))).includes("nothing");
}

function tellsOwner(key: string): boolean {
    return /^aws:resource(?:account|orgid|orgpaths)$/.test(key);
}
