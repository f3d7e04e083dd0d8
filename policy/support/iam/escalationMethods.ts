/*
 * Port of cloudsplaining's PRIVILEGE_ESCALATION_METHODS, https://github.com/salesforce/cloudsplaining, 0.9.1.
 *
 * Copyright (c) 2020, Salesforce.com, Inc.
 * All rights reserved.
 *
 * Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following
 * conditions are met:
 *
 * - Redistributions of source code must retain the above copyright notice, this list of conditions and the following
 *   disclaimer.
 * - Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
 *   disclaimer in the documentation and/or other materials provided with the distribution.
 * - Neither the name of Salesforce.com nor the names of its contributors may be used to endorse or promote products derived
 *   from this software without specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
 * INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
 * SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
 * LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
 * CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
 * SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */

/**
 * Sets of actions with which a principal can give itself more rights, by the name that cloudsplaining gives them. Those that
 * hold another set are left out. The first action of a set decides: unless it is limited to some resources, it does not matter
 * to which the others are.
 */
export const ESCALATION_METHODS: Readonly<Record<string, readonly string[]>> = {
    CreateAccessKey: ["iam:CreateAccessKey"],
    CreateLoginProfile: ["iam:CreateLoginProfile"],
    UpdateLoginProfile: ["iam:UpdateLoginProfile"],
    AddUserToGroup: ["iam:AddUserToGroup"],
    CreateNewPolicyVersion: ["iam:CreatePolicyVersion"],
    SetExistingDefaultPolicyVersion: ["iam:SetDefaultPolicyVersion"],
    AttachUserPolicy: ["iam:AttachUserPolicy"],
    AttachGroupPolicy: ["iam:AttachGroupPolicy"],
    AttachRolePolicy: ["iam:AttachRolePolicy"],
    PutUserPolicy: ["iam:PutUserPolicy"],
    PutGroupPolicy: ["iam:PutGroupPolicy"],
    PutRolePolicy: ["iam:PutRolePolicy"],
    UpdateRolePolicyToAssumeIt: ["iam:UpdateAssumeRolePolicy"],
    CreateEC2WithExistingIP: ["iam:PassRole", "ec2:RunInstances"],
    PassExistingRoleToNewLambdaThenInvoke: ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
    PassExistingRoleToNewLambdaThenTriggerWithExistingDynamo: [
        "iam:PassRole",
        "lambda:CreateFunction",
        "lambda:CreateEventSourceMapping",
    ],
    PassExistingRoleToNewGlueDevEndpoint: ["iam:PassRole", "glue:CreateDevEndpoint"],
    PassExistingRoleToCloudFormation: ["iam:PassRole", "cloudformation:CreateStack"],
    PassExistingRoleToNewDataPipeline: ["iam:PassRole", "datapipeline:CreatePipeline"],
    UpdateExistingGlueDevEndpoint: ["glue:UpdateDevEndpoint"],
    EditExistingLambdaFunctionWithRole: ["lambda:UpdateFunctionCode"],
    AccessExistingBedrockCodeInterpreterSession: [
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ],
    ExecuteCloudFormationChangeSet: ["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"],
    ModifyEC2InstanceUserDataThenRestart: ["ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"],
    ModifyExistingEC2LaunchTemplate: ["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"],
    EC2InstanceConnectSendSSHPublicKey: ["ec2-instance-connect:SendSSHPublicKey", "ec2:DescribeInstances"],
    ECSExecuteCommandOnRunningTask: ["ecs:ExecuteCommand", "ecs:DescribeTasks"],
    CreatePresignedSageMakerNotebookUrl: ["sagemaker:CreatePresignedNotebookInstanceUrl"],
    UpdateSageMakerNotebookLifecycleConfig: [
        "sagemaker:UpdateNotebookInstance",
        "sagemaker:CreateNotebookInstanceLifecycleConfig",
        "sagemaker:StopNotebookInstance",
        "sagemaker:StartNotebookInstance",
    ],
    PassExistingRoleToNewAppRunnerService: ["iam:PassRole", "apprunner:CreateService"],
    PassExistingRoleToNewCloudFormationStackSet: [
        "iam:PassRole",
        "cloudformation:CreateStackSet",
        "cloudformation:CreateStackInstances",
    ],
    PassRoleToUpdateCloudFormationStackSet: ["iam:PassRole", "cloudformation:UpdateStackSet"],
    PassExistingRoleToNewCodeBuildProjectThenBuild: ["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"],
    PassExistingRoleToNewCodeBuildProjectThenBuildBatch: [
        "iam:PassRole",
        "codebuild:CreateProject",
        "codebuild:StartBuildBatch",
    ],
    PassExistingRoleToNewEC2SpotInstance: ["iam:PassRole", "ec2:RequestSpotInstances"],
    PassExistingRoleToNewECSService: ["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:CreateService"],
    PassExistingRoleToNewECSTaskViaRunTask: ["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"],
    PassExistingRoleToNewECSTaskViaStartTask: ["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:StartTask"],
    PassExistingRoleToNewGlueJobThenRun: ["iam:PassRole", "glue:CreateJob", "glue:StartJobRun"],
    PassExistingRoleToNewGlueJobViaTrigger: ["iam:PassRole", "glue:CreateJob", "glue:CreateTrigger"],
    PassExistingRoleToUpdatedGlueJobThenRun: ["iam:PassRole", "glue:UpdateJob", "glue:StartJobRun"],
    PassExistingRoleToUpdatedGlueJobViaTrigger: ["iam:PassRole", "glue:UpdateJob", "glue:CreateTrigger"],
    PassExistingRoleToNewLambdaThenAddPermission: ["iam:PassRole", "lambda:CreateFunction", "lambda:AddPermission"],
    PassExistingRoleToNewSageMakerNotebookInstance: ["iam:PassRole", "sagemaker:CreateNotebookInstance"],
    PassExistingRoleToNewSageMakerTrainingJob: ["iam:PassRole", "sagemaker:CreateTrainingJob"],
    PassExistingRoleToNewSageMakerProcessingJob: ["iam:PassRole", "sagemaker:CreateProcessingJob"],
};
