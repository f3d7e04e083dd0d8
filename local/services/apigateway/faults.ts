/** Types of API Gateway's own answers, as `x-amazon-apigateway-gateway-responses` names them. */
export type GatewayResponseType = keyof typeof gatewayResponseTypes;

/** A request that API Gateway answers itself. */
export interface Fault {
    readonly type: GatewayResponseType;
    /** `$context.error.message`; null where API Gateway gives none. */
    readonly message: string | null;
    /** Where it differs from the type's usual code. */
    readonly status?: number;
    /** Where `x-amzn-ErrorType` differs from the type's usual one. */
    readonly errorType?: string;
    /** `$context.error.validationErrorString` */
    readonly validationError?: string;
    /** The body as it stands; such an answer can't be customised. */
    readonly plainText?: string;
}

/** Usual status code and `x-amzn-ErrorType` of each type. */
export const gatewayResponseTypes = {
    ACCESS_DENIED: { status: 403, errorType: "AccessDeniedException" },
    AUTHORIZER_CONFIGURATION_ERROR: { status: 500, errorType: "AuthorizerConfigurationException" },
    AUTHORIZER_FAILURE: { status: 500, errorType: "AuthorizerFailureException" },
    API_CONFIGURATION_ERROR: { status: 500, errorType: "InternalServerErrorException" },
    BAD_REQUEST_BODY: { status: 400, errorType: "BadRequestException" },
    BAD_REQUEST_PARAMETERS: { status: 400, errorType: "BadRequestException" },
    EXPIRED_TOKEN: { status: 403, errorType: "ExpiredTokenException" },
    INTEGRATION_FAILURE: { status: 504, errorType: "InternalServerErrorException" },
    INTEGRATION_TIMEOUT: { status: 504, errorType: "InternalServerErrorException" },
    INVALID_API_KEY: { status: 403, errorType: "ForbiddenException" },
    INVALID_SIGNATURE: { status: 403, errorType: "InvalidSignatureException" },
    MISSING_AUTHENTICATION_TOKEN: { status: 403, errorType: "MissingAuthenticationTokenException" },
    QUOTA_EXCEEDED: { status: 429, errorType: "LimitExceededException" },
    REQUEST_TOO_LARGE: { status: 413, errorType: "RequestTooLargeException" },
    UNAUTHORIZED: { status: 401, errorType: "UnauthorizedException" },
    THROTTLED: { status: 429, errorType: "TooManyRequestsException" },
    UNSUPPORTED_MEDIA_TYPE: { status: 415, errorType: "BadRequestException" },
} as const;

/** Types that a body may customise though the local run never answers with them: WAF is not part of it. */
export const neverAnswered: ReadonlySet<string> = new Set(["RESOURCE_NOT_FOUND", "WAF_FILTERED"]);

const INTERNAL = "Internal server error";

export const faults = {
    invalidApiKey: { type: "INVALID_API_KEY", message: "Forbidden" },
    throttled: { type: "THROTTLED", message: "Too Many Requests" },
    quotaExceeded: { type: "QUOTA_EXCEEDED", message: "Limit Exceeded" },
    /** Without a method, and without a signature where a method asks for one. */
    missingAuthenticationToken: { type: "MISSING_AUTHENTICATION_TOKEN", message: "Missing Authentication Token" },
    invalidBody: { type: "BAD_REQUEST_BODY", message: "Invalid request body" },
    unsupportedMediaType: { type: "UNSUPPORTED_MEDIA_TYPE", message: "Unsupported Media Type" },
    integrationTimeout: { type: "INTEGRATION_TIMEOUT", message: "Endpoint request timed out" },
    /** The function threw, or its runtime did. */
    functionError: { type: "INTEGRATION_FAILURE", message: INTERNAL, status: 502 },
    /** The function's answer is not of the form that a proxy integration asks for. */
    malformedReply: { type: "API_CONFIGURATION_ERROR", message: INTERNAL, status: 502 },
    unauthorized: { type: "UNAUTHORIZED", message: "Unauthorized" },
    deniedByAuthorizer: {
        type: "ACCESS_DENIED",
        message: "User is not authorized to access this resource with an explicit deny",
    },
    notAllowedByAuthorizer: { type: "ACCESS_DENIED", message: "User is not authorized to access this resource" },
    /** The authorizer's function threw. */
    authorizerFailed: { type: "AUTHORIZER_FAILURE", message: null },
    /** It may not be invoked, or answered with something else than a principal and a policy. */
    authorizerMisconfigured: { type: "AUTHORIZER_CONFIGURATION_ERROR", message: null },
    /** Lambda refused the call: no permission, no such function. */
    notInvoked: { type: "API_CONFIGURATION_ERROR", message: INTERNAL },
    /** No free environment: Lambda's 429 reaches the client as 500. */
    functionThrottled: { type: "INTEGRATION_FAILURE", message: INTERNAL, status: 500 },
    misconfigured: { type: "API_CONFIGURATION_ERROR", message: INTERNAL },
    /** Within API Gateway's limit, but over Lambda's. */
    eventTooLarge: { type: "REQUEST_TOO_LARGE", message: "Request Too Long" },
    bodyTooLarge: plain(413, "HTTP content length exceeded 10485760 bytes."),
    uriTooLong: plain(414, "Request URI too long"),
    headersTooLarge: plain(431, "Request Header Fields Too Large"),
} satisfies Record<string, Fault>;

function plain(status: number, plainText: string): Fault {
    return { type: "REQUEST_TOO_LARGE", status, message: plainText, plainText };
}
