import { isLiteralArn, mayMatch } from "./resourceIds";
import type { Statement } from "./statements";

/** Elements of a statement's resources that stand for roles without naming one: with a wildcard or a variable of IAM. */
export function unnamedRoles({ resources, notResources }: Statement): string[] {
    const unnamed = resources.filter((element) => mayMatch(element, "iam", "role/") && !isLiteralArn(element));
    return notResources ? [...unnamed, "all but its NotResource"] : unnamed;
}
