import { ChallengeApi } from "./components/challengeApi";
import { EventIngest } from "./components/eventIngest";
import { OrderService } from "./components/orderService";
import { AccessLogBucket } from "./components/support/accessLogBucket";
import { AlarmTopic } from "./components/support/alarmTopic";
import { ApiGatewayAccount } from "./components/support/apiGatewayAccount";
import { readConfig } from "./components/support/config";
import { Encryption } from "./components/support/encryption";
import { Firewall } from "./components/support/firewall";
import { boundRoles } from "./components/support/permissionsBoundary";
import { UploadPipeline } from "./components/uploadPipeline";

const { stage, clients, corsOrigins, protectData, ...config } = readConfig();

if (config.permissionsBoundary) {
    boundRoles(config.permissionsBoundary);
}
const account = new ApiGatewayAccount("api-logging");
const encryption = new Encryption("encryption", { mode: config.encryption, protectData });
const alarmTopic = config.alarmTopic ? [new AlarmTopic("alarms", { encryption }).arn] : [];
const operations = { encryption, logs: config.logs, alarmTopics: [...alarmTopic, ...config.alarmTopics] };
const firewall = config.firewall ? new Firewall("firewall", { ...config.firewall, operations }) : undefined;
const accessLogs = config.accessLogs
    ? new AccessLogBucket("access-logs", { ...config.accessLogs, protectData })
    : undefined;

const events = new EventIngest("events", {
    ...config.eventIngest,
    ...{ stage, clients, corsOrigins, protectData, accessLogs, firewall, account, operations },
});

const uploads = new UploadPipeline("uploads", {
    ...config.uploadPipeline,
    ...{ stage, clients, corsOrigins, protectData, accessLogs, firewall, account, operations },
});

const orders = new OrderService("orders", {
    ...config.orderService,
    ...{ stage, clients, corsOrigins, protectData, firewall, account, operations },
});

const challenge = new ChallengeApi("challenge", {
    ...config.challengeApi,
    ...{ stage, corsOrigins, firewall, account, operations },
});

// Last: the key's policy names every role and log group made above.
encryption.createKey();

export const eventIngestUrl = events.url;
export const eventBucket = events.bucketName;
export const uploadPipelineUrl = uploads.url;
export const uploadBucket = uploads.bucketName;
export const uploadQueueUrl = uploads.queueUrl;
export const orderServiceUrl = orders.url;
export const orderTable = orders.tableName;
export const challengeApiUrl = challenge.url;
export const challengeApiKey = challenge.apiKey;
export const challengeApiKeyOther = challenge.apiKeyOther;
