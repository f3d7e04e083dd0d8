import { ifKnown } from "../known";
import { isSet, textOf, type Props } from "../values";

/**
 * Whether a property names a KMS key of one's own, be its ARN still unknown. AWS's keys (`alias/aws/s3`) are not: nobody can
 * write their policies or disable them.
 */
export function namesOwnKey(props: Props, property: string): boolean {
    return isSet(props, property) && !/(^|:)alias\/aws\//.test(ifKnown(() => textOf(props[property])) ?? "");
}
