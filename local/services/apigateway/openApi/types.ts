import type { GatewayResponseInput } from "../gatewayResponses";
import type { Schema } from "../validation/jsonSchema";

/** The parts of an OpenAPI 3.0 body that API Gateway acts on. */
export interface OpenApiBody {
    readonly openapi?: string;
    readonly security?: unknown;
    readonly paths?: Readonly<Record<string, PathItem>>;
    readonly components?: {
        readonly schemas?: Readonly<Record<string, Schema>>;
        readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
    };
    readonly "x-amazon-apigateway-api-key-source"?: string;
    readonly "x-amazon-apigateway-binary-media-types"?: readonly string[];
    readonly "x-amazon-apigateway-minimum-compression-size"?: number;
    readonly "x-amazon-apigateway-gateway-responses"?: Record<string, GatewayResponseInput>;
    readonly "x-amazon-apigateway-policy"?: unknown;
    readonly "x-amazon-apigateway-request-validator"?: string;
    readonly "x-amazon-apigateway-request-validators"?: Readonly<Record<string, ValidatorInput>>;
    readonly "x-amazon-apigateway-endpoint-configuration"?: { readonly disableExecuteApiEndpoint?: boolean };
}

export type PathItem = Readonly<Record<string, unknown>> & { readonly parameters?: readonly Parameter[] };

export interface ValidatorInput {
    readonly validateRequestBody?: boolean;
    readonly validateRequestParameters?: boolean;
}

export interface Parameter {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
}

export interface SecurityScheme {
    readonly type?: string;
    readonly name?: string;
    readonly in?: string;
    readonly "x-amazon-apigateway-authtype"?: string;
    readonly "x-amazon-apigateway-authorizer"?: unknown;
}

export interface Operation {
    readonly operationId?: string;
    readonly parameters?: readonly Parameter[];
    readonly security?: readonly Readonly<Record<string, unknown>>[];
    readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
    readonly responses?: Readonly<Record<string, { readonly headers?: Readonly<Record<string, unknown>> }>>;
    readonly "x-amazon-apigateway-auth"?: { readonly type?: string };
    readonly "x-amazon-apigateway-request-validator"?: string;
    readonly "x-amazon-apigateway-integration"?: IntegrationInput;
}

export interface IntegrationInput {
    readonly type?: string;
    readonly httpMethod?: string;
    readonly uri?: string;
    readonly credentials?: string;
    readonly timeoutInMillis?: number;
    readonly passthroughBehavior?: string;
    readonly contentHandling?: string;
    readonly requestTemplates?: Readonly<Record<string, string>>;
    readonly responses?: Readonly<Record<string, IntegrationResponseInput>>;
}

export interface IntegrationResponseInput {
    readonly statusCode?: string | number;
    readonly responseParameters?: Record<string, string>;
    readonly responseTemplates?: Readonly<Record<string, string>>;
}
