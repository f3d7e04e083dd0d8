import type { Principal } from "../../iam/types";

/** A service's use of a customer key on behalf of a caller. */
export interface KeyUse {
    /** Key ARN, key id, `alias/…` or alias ARN. */
    readonly keyId: string;
    readonly principal: Principal;
    readonly action: "kms:GenerateDataKey" | "kms:Decrypt";
    /** The service that calls for the principal, e.g. `s3`: gives `kms:ViaService` = `s3.<region>.amazonaws.com`. */
    readonly viaService: string;
    /** Gives `kms:EncryptionContext:<name>` and `kms:EncryptionContextKeys`. */
    readonly encryptionContext: Readonly<Record<string, string>>;
    readonly requestId: string;
}

/** Customer keys and their policies. */
export interface KeyService {
    /** Throws what S3 answers: `AccessDenied` 403 when the key policy does not allow it, `KMS.NotFoundException` 400 for an unknown key, `KMS.DisabledException` 400. */
    authorizeUse(use: KeyUse): void;
    /** The key ARN of any form of id; undefined when unknown. */
    resolve(keyId: string): string | undefined;
}
