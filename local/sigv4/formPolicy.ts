import { awsError, type AwsError } from "../errors";
import type { CredentialStore } from "../gateway/credentials";
import type { AwsCall } from "../gateway/types";
import type { Principal } from "../iam/types";
import { refusalsOf } from "./refusals";
import { sameSignature, sign, signingKey } from "./signing";

/** A POST that no header and no query signs: if it brings a form, the form's fields may. */
export interface FormCall extends AwsCall {
    /** Tells who signed the form, by {@link verifyForm}. */
    readonly verifyForm: (fields: FormFields) => Principal;
}

/** Fields of a form by their names in lower case. */
export type FormFields = ReadonlyMap<string, string>;

export function isFormCall(call: AwsCall): call is FormCall {
    return "verifyForm" in call;
}

/**
 * Tells who signed a form's policy (S3 API reference, "Browser-based uploads using POST: authenticating requests"); anonymous for a form
 * without policy. What the policy says is not looked at.
 *
 * @param now milliseconds since 1970
 * @throws InvalidArgument for fields that are missing or cannot be read, SignatureDoesNotMatch, or S3's error about the credentials
 */
export function verifyForm(fields: FormFields, credentials: CredentialStore, now: number): Principal {
    if (fields.has("awsaccesskeyid") || fields.has("signature")) {
        const message = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
        throw awsError("InvalidRequest", 400, message);
    }
    if (!Object.keys(names).some((name) => fields.has(name))) return { type: "anonymous" };
    const { policy, accessKeyId, scope, signature } = claimsOf(fields);
    const refusals = refusalsOf("s3");
    const found = credentials.find(accessKeyId, fields.get("x-amz-security-token"), now);
    if (found.status !== "valid") throw refusals.credentials(found.status);
    const expected = sign(signingKey(found.secretAccessKey, scope), policy);
    if (!sameSignature(expected, signature)) throw refusals.signature();
    return found.principal;
}

/** The error for a form without a field that it needs. */
export function missingField(name: string): AwsError {
    const message = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
    return invalidField(name, "", message);
}

/** Fields that sign a form, as S3's errors spell them. */
const names = {
    policy: "Policy",
    "x-amz-algorithm": "X-Amz-Algorithm",
    "x-amz-credential": "X-Amz-Credential",
    "x-amz-date": "X-Amz-Date",
    "x-amz-signature": "X-Amz-Signature",
};

interface Claims {
    readonly policy: string;
    readonly accessKeyId: string;
    /** `<date>/<region>/s3/aws4_request` */
    readonly scope: string;
    readonly signature: string;
}

function claimsOf(fields: FormFields): Claims {
    const field = (name: keyof typeof names) => {
        const value = fields.get(name);
        if (value === undefined) throw missingField(names[name]);
        return value;
    };
    const [policy, signature] = [field("policy"), field("x-amz-signature")];
    const algorithm = field("x-amz-algorithm");
    if (algorithm !== "AWS4-HMAC-SHA256") {
        throw invalidField("X-Amz-Algorithm", algorithm, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
    }
    const date = field("x-amz-date");
    if (!/^\d{8}T\d{6}Z$/.test(date)) {
        const message = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"";
        throw invalidField("X-Amz-Date", date, message);
    }
    const credential = field("x-amz-credential");
    const [, accessKeyId, scope, day] = /^(.+)\/((\d{8})\/[^/]+\/s3\/aws4_request)$/.exec(credential) ?? [];
    if (accessKeyId === undefined || !date.startsWith(day)) {
        const message =
            'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request", of the same date as X-Amz-Date.';
        throw invalidField("X-Amz-Credential", credential, message);
    }
    return { policy, accessKeyId, scope, signature };
}

function invalidField(name: string, value: string, message: string): AwsError {
    return awsError("InvalidArgument", 400, message, { ArgumentName: name, ArgumentValue: value });
}
