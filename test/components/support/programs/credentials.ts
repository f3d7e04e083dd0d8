import { SQSClient } from "@aws-sdk/client-sqs";

// A program as a container would run it: tells which access key its client signs with.

void new SQSClient({}).config.credentials().then(({ accessKeyId }) => console.log(accessKeyId));
