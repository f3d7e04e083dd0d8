import * as crypto from "node:crypto";
import { apigateway } from "./apigateway";
import { appautoscaling } from "./appautoscaling";
import { awsx } from "./awsx";
import { cloudwatch } from "./cloudwatch";
import { dsql } from "./dsql";
import { dynamodb } from "./dynamodb";
import { ec2 } from "./ec2";
import { ecr } from "./ecr";
import { ecs } from "./ecs";
import { events } from "./events";
import { iam } from "./iam";
import { kms } from "./kms";
import { lambda } from "./lambda";
import { s3 } from "./s3";
import { sqs } from "./sqs";
import type { Prediction, Predictor, Subject } from "./types";

/**
 * What AWS would answer when it makes a resource, or a plugin when it makes a remote component: its id, and its properties
 * beyond the inputs. Deterministic: the same resource gets the same ids at each evaluation and on each machine.
 *
 * @throws When the type is neither AWS's nor Pulumi's own, and nothing here knows it.
 */
export function predict(resource: Omit<Subject, "physicalName" | "unique" | "hex" | "uuid">): Prediction {
    const unique = (length: number, purpose = "id") => letters(digest(`${resource.urn}\0${purpose}`), length);
    const hex = (length: number, purpose = "id") =>
        digest(`${resource.urn}\0${purpose}`).toString("hex").slice(0, length);
    const uuid = () =>
        digest(resource.urn)
            .toString("hex")
            .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
    const named = (given: unknown) => (typeof given === "string" ? given : `${resource.name}-${unique(7, "name")}`);
    return (predictors[resource.type] ?? anyType)({ ...resource, unique, hex, uuid, physicalName: named });
}

const predictors: Readonly<Record<string, Predictor>> = {
    ...apigateway,
    ...appautoscaling,
    ...awsx,
    ...cloudwatch,
    ...dsql,
    ...dynamodb,
    ...ec2,
    ...ecr,
    ...ecs,
    ...events,
    ...iam,
    ...kms,
    ...lambda,
    ...s3,
    ...sqs,
};

/** Most types of AWS: the physical name is the id, and stands last in the ARN. */
const anyType: Predictor = ({ type, inputs, region, account, physicalName }) => {
    if (!/^(aws|pulumi):/.test(type)) {
        throw new Error(`A plan cannot tell what ${type} answers.`);
    }
    const name = physicalName(inputs.name);
    const service = type.split(/[:/]/)[1];
    // What sets something of another resource may name that by its ARN.
    const arn = inputs.arn ?? `arn:aws:${service}:${region}:${account}:${name}`;
    return { id: name, outputs: { name, arn } };
};

function digest(text: string): Buffer {
    return crypto.createHash("sha256").update(text).digest();
}

/** Ids of AWS are lower-case letters and digits. */
function letters(bytes: Buffer, length: number): string {
    return BigInt(`0x${bytes.toString("hex")}`)
        .toString(36)
        .padStart(length, "0")
        .slice(-length);
}
