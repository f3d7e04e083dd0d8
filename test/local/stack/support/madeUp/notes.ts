import * as s3 from "@aws-sdk/client-s3";
import type { APIGatewayProxyEvent } from "aws-lambda";

export function notesFactory() {
    const client = new s3.S3Client({ maxAttempts: 1 });
    const Bucket = process.env.BUCKET;

    return async (event: APIGatewayProxyEvent) => {
        const Key = `notes/${event.pathParameters?.id}`;
        try {
            if (event.path === "/guarded") {
                return { statusCode: 200, body: JSON.stringify(event.requestContext.authorizer) };
            } else if (event.path === "/forever") {
                await new Promise((resolve) => setTimeout(resolve, 60_000));
            } else if (event.path === "/elsewhere") {
                await client.send(new s3.PutObjectCommand({ Bucket, Key: "elsewhere", Body: "" }));
            } else if (event.httpMethod === "POST") {
                await client.send(new s3.PutObjectCommand({ Bucket, Key, Body: event.body ?? "" }));
            } else {
                await client.send(new s3.GetObjectCommand({ Bucket, Key }));
            }
            return { statusCode: 200, body: '{"done":true}' };
        } catch (error) {
            const { name, message } = error as Error;
            return { statusCode: 403, body: JSON.stringify({ name, message }) };
        }
    };
}
