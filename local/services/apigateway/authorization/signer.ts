import { identify } from "../../../iam/principals";
import type { RoleStore } from "../../../iam/roles";
import type { Principal } from "../../../iam/types";
import type { Signer } from "../types";

export type Roles = Pick<RoleStore, "find">;

/** Words a principal as `requestContext.identity` does. */
export function signerOf(principal: Principal, accessKey: string, roles: Roles): Signer {
    const { name: userArn, account: accountId } = identify(principal);
    const id =
        principal.type === "role"
            ? `${roles.find(principal.roleArn)?.id ?? "AROA"}:${principal.sessionName}`
            : `AIDA${accountId}`;
    return { accessKey, accountId, caller: id, user: id, userArn };
}
