import * as crypto from "node:crypto";
import { apigateway } from "./apigateway";
import { cloudwatch } from "./cloudwatch";
import { dsql } from "./dsql";
import { dynamodb } from "./dynamodb";
import { ecs } from "./ecs";
import { events } from "./events";
import { iam } from "./iam";
import { kms } from "./kms";
import { lambda } from "./lambda";
import { s3 } from "./s3";
import { sqs } from "./sqs";
import type { Prediction, Predictor, Subject } from "./types";

/**
 * What AWS would answer when it makes a resource: its id, and its properties beyond the inputs. Deterministic: the same
 * resource gets the same ids at each evaluation and on each machine.
 */
export function predict(resource: Omit<Subject, "physicalName" | "unique" | "uuid">): Prediction {
    const unique = (length: number, purpose = "id") => letters(digest(`${resource.urn}\0${purpose}`), length);
    const uuid = () =>
        digest(resource.urn)
            .toString("hex")
            .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
    const named = (given: unknown) => (typeof given === "string" ? given : `${resource.name}-${unique(7, "name")}`);
    return (predictors[resource.type] ?? anyType)({ ...resource, unique, uuid, physicalName: named });
}

const predictors: Readonly<Record<string, Predictor>> = {
    ...apigateway,
    ...cloudwatch,
    ...dsql,
    ...dynamodb,
    ...ecs,
    ...events,
    ...iam,
    ...kms,
    ...lambda,
    ...s3,
    ...sqs,
};

/** Most types: the physical name is the id, and stands last in the ARN. */
const anyType: Predictor = ({ type, inputs, region, account, physicalName }) => {
    const name = physicalName(inputs.name);
    const service = type.split(/[:/]/)[1];
    return { id: name, outputs: { name, arn: `arn:aws:${service}:${region}:${account}:${name}` } };
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
