import type * as s3 from "@aws-sdk/client-s3";
import type { Tally } from "./tally";

/** The systems that can be loaded. */
export const SYSTEMS = ["events", "uploads", "orders", "challenge"] as const;

export type System = (typeof SYSTEMS)[number];

/** A running stack, and what a client of it has. */
export interface Target {
    readonly outputs: {
        readonly eventIngestUrl: string;
        readonly eventBucket: string;
        readonly uploadPipelineUrl: string;
        readonly uploadBucket: string;
        readonly orderServiceUrl: string;
        readonly challengeApiUrl: string;
    };
    /** A client's token, for all systems but `challenge`. */
    readonly token: string;
    /** The client's id, of which finished files' keys are made. */
    readonly clientId: string;
    /** A key of ChallengeApi. */
    readonly apiKey: string;
    /** Reads both buckets. */
    readonly storage: s3.S3Client;
}

export interface LoadOptions {
    readonly target: Target;
    readonly system: System;
    /** Requests a second, all connections together. A server that is slower gets fewer. */
    readonly rate: number;
    /** How long requests are sent, in seconds. */
    readonly seconds: number;
    /** Requests that are under way at the same time, and after the load as many looks. */
    readonly connections: number;
    /** How long, in seconds, nothing of what was accepted may reach its end before it is taken for lost. */
    readonly settleSeconds: number;
}

/** One request to be sent. */
export interface LoadRequest {
    readonly method: "GET" | "POST";
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
}

/** An answer that came. */
export interface Answer {
    readonly status: number;
    readonly body: string;
}

/** A line of the ledger: a request that was sent, and the answer that counts. */
export interface Sent {
    /** UUIDv7 of this request alone, which stands in it. */
    readonly id: string;
    /** Missing as long as none came. */
    answer?: Answer;
}

/** How a system's promise was broken. */
export interface Finding {
    /** `missing`: accepted and not found. `doubled`: found, or brought to its end, more than once. `wrong`: not what was promised. */
    readonly kind: "missing" | "doubled" | "wrong";
    /** The id of what it is about. */
    readonly id: string;
    /** What was seen. */
    readonly seen: string;
}

/** What was looked for after the load. */
export interface Audit {
    /** Requests whose answer was a promise. */
    readonly accepted: number;
    readonly findings: readonly Finding[];
    /** What became of what was accepted, such as orders by status. */
    readonly ends: Readonly<Record<string, number>>;
    /** Why it could not be looked for; nothing is known then. @default - it was looked for */
    readonly unread?: string;
}

/** What loading a system needs to know of it. */
export interface SystemLoad {
    /** What is measured, e.g. `POST /events`. */
    readonly step: string;
    request(id: string): LoadRequest;
    /** Whether a request that was not answered is sent again: where the system promises that it is the same then. */
    readonly repeats: boolean;
    /** Goes on as the client would, once for each answer. @default - nothing */
    follow?(sent: Sent): void;
    /** Looks for what was accepted, after all requests. @throws When it can't, e.g. by missing permissions. */
    audit(sent: readonly Sent[]): Promise<Audit>;
}

/** What a system is loaded with. */
export interface LoadContext extends LoadOptions {
    /** UUIDv7 of this load, which stands in all that is sent. */
    readonly run: string;
    /** When it began, in ms since 1970. */
    readonly begun: number;
    readonly tally: Tally;
}
