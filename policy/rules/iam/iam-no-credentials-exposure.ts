import type { Rule } from "../../support/rule";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { listed, unlimitedGrants } from "../../support/iam/grants";
import { eachAllowed } from "../../support/iam/statements";

export const rule: Rule = {
    id: "iam-no-credentials-exposure",
    title: "Actions that return credentials are allowed on named resources alone.",
    why: "Credentials that leave the workload work elsewhere, with rights of their own and unseen by its limits.",
    mend: "Remove the action, or name ARNs in the statement's Resource.",
    sources: ["cloudsplaining ACTIONS_THAT_RETURN_CREDENTIALS", "checkov CKV_AWS_287", "checkov CKV_AWS_107"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], (statement) =>
            unlimitedGrants(statement, returnsCredentials, { excuse: true }),
        ),
};

/**
 * As listed by cloudsplaining (Copyright (c) 2020, salesforce.com, inc., BSD-3-Clause), in the spelling of AWS, without
 * `ecr:GetAuthorizationToken`, which AWS allows on `*` alone and which each pull of an image needs.
 */
const returnsCredentials = listed(
    ...["airflow:CreateCliToken", "airflow:CreateWebLoginToken", "appsync:CreateApiKey", "chime:CreateApiKey"],
    ...["cloud9:CreateEnvironmentToken", "codeartifact:GetAuthorizationToken", "codepipeline:PollForJobs"],
    ...["cognito-identity:GetOpenIdToken", "cognito-identity:GetOpenIdTokenForDeveloperIdentity"],
    ...["cognito-identity:GetCredentialsForIdentity", "cognito-idp:GetSigningCertificate"],
    ...["connect:GetFederationToken", "connect:GetFederationTokens", "ec2:GetPasswordData"],
    ...["ecr-public:GetAuthorizationToken", "emr-containers:GetManagedEndpointSessionCredentials"],
    ...["finspace-api:GetProgrammaticAccessCredentials", "gamelift:RequestUploadCredentials"],
    ...["gamelift:GetInstanceAccess", "gamelift:GetComputeAccess", "gamelift:GetComputeAuthToken"],
    ...["grafana:CreateWorkspaceApiKey", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateAccessKey"],
    ...["iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential"],
    ...["license-manager:GetAccessToken", "lightsail:GetInstanceAccessDetails", "lightsail:DownloadDefaultKeyPair"],
    ...["lightsail:CreateBucketAccessKey", "lightsail:GetRelationalDatabaseMasterUserPassword"],
    ...["mediapackage:RotateChannelCredentials", "mediapackage:RotateIngestEndpointCredentials", "rds-db:connect"],
    ...["redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM"],
    ...["redshift-serverless:GetCredentials", "sso:GetRoleCredentials", "sts:AssumeRole", "sts:AssumeRoleWithSAML"],
    ...["sts:AssumeRoleWithWebIdentity", "sts:GetFederationToken", "sts:GetSessionToken"],
);
