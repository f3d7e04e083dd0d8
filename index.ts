import { ChallengeApi } from "./components/challengeApi";
import { EventIngest } from "./components/eventIngest";
import { OrderService } from "./components/orderService";
import { ApiGatewayAccount } from "./components/support/apiGatewayAccount";
import { readConfig } from "./components/support/config";
import { Encryption } from "./components/support/encryption";
import { UploadPipeline } from "./components/uploadPipeline";

const { stage, clients, corsOrigins, protectData, ...config } = readConfig();

const account = new ApiGatewayAccount("api-logging");
const encryption = new Encryption("encryption", { mode: config.encryption, protectData });
const operations = { encryption, logs: config.logs, alarmTopics: config.alarmTopics };

const events = new EventIngest("events", {
    ...config.eventIngest,
    ...{ stage, clients, corsOrigins, protectData, account, operations },
});

const uploads = new UploadPipeline("uploads", {
    ...config.uploadPipeline,
    ...{ stage, clients, corsOrigins, protectData, account, operations },
});

const orders = new OrderService("orders", {
    ...config.orderService,
    ...{ stage, clients, corsOrigins, protectData, account, operations },
});

const challenge = new ChallengeApi("challenge", {
    ...config.challengeApi,
    ...{ stage, corsOrigins, account, operations },
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
