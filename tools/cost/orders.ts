import { charge, type Price } from "./price";
import { PRICES } from "./prices";

/** What the cost of handling orders depends on. */
export interface OrderLoad {
    /** Time that a running container takes for an order. */
    readonly seconds: number;
    /** Time from the first byte of a task's image to its first order. */
    readonly startSeconds: number;
    /** CPU units, of which 1024 are a vCPU. */
    readonly cpu: number;
    /** In MiB. */
    readonly memory: number;
    readonly architecture: "ARM64" | "X86_64";
    readonly network: "public" | "private";
    /** Orders that a task of the worker service handles at a time. */
    readonly concurrent: number;
    /** How often in a month orders come after a pause, so that the worker service starts from nothing. */
    readonly bursts: number;
}

/** The smallest task; as many orders at a time as SQS hands out at once; one burst a day. */
export const DEFAULT_LOAD: OrderLoad = {
    ...{ seconds: 20, startSeconds: 20, cpu: 256, memory: 512, architecture: "ARM64", network: "public" },
    ...{ concurrent: 10, bursts: 30 },
};

/** USD a month for each way of handling orders. What they have in common, such as the API and the table, is not in it. */
export interface OrderCosts {
    /** One Fargate task for each order. */
    readonly task: number;
    /** The worker service with tasks only as orders need them: all tasks full, no burst beyond those named. A lower bound. */
    readonly asNeeded: number;
    /** The worker service with a task at all times, and more as orders need them. An upper bound. */
    readonly alwaysOn: number;
}

/** A month, as AWS's own calculator takes it. */
export const HOURS = 730;

/** The least that Fargate bills for a task. Source: https://aws.amazon.com/fargate/pricing/. */
export const LEAST_SECONDS = 60;

/** How long the worker service's last task waits for more. */
export const SCALE_IN_SECONDS = 300;

/** Send, receive, delete. */
export const REQUESTS = 3;

/** A receive that finds nothing. */
export const LONG_POLL_SECONDS = 20;

/** Messages waiting, to scale out; messages waiting and in flight, to scale in. */
export const ALARM_METRICS = 3;

/** Availability zones of the network, each with its own interface of every endpoint. */
export const ZONES = 2;

/** Interface endpoints in private subnets: to pull the image and to log. */
export const ENDPOINTS = ["ecr.api", "ecr.dkr", "logs"];

/** One more for the worker service, which reads its queue. */
export const WORKER_ENDPOINTS = [...ENDPOINTS, "sqs"];

/** What so many orders a month cost. */
export function orderCosts(orders: number, load: OrderLoad): OrderCosts {
    const { task, work, alwaysOn, asNeeded } = taskHours(orders, load);
    return {
        task: task * hour(load) + endpoints(ENDPOINTS, load),
        asNeeded: worker(orders, work, asNeeded, load),
        alwaysOn: worker(orders, work, alwaysOn, load),
    };
}

/** Hours that tasks run in a month. */
export interface TaskHours {
    /** Of one task for each order. */
    readonly task: number;
    /** Of workers, while they have orders. */
    readonly work: number;
    /** Of workers that run only as orders need them. */
    readonly asNeeded: number;
    /** Of workers of which at least one always runs. */
    readonly alwaysOn: number;
}

/** How long tasks run for so many orders a month, by each way. */
export function taskHours(orders: number, load: OrderLoad): TaskHours {
    const work = (orders * load.seconds) / load.concurrent / 3600;
    const alwaysOn = Math.max(HOURS, work);
    const bursts = Math.min(load.bursts, orders) * (load.startSeconds + SCALE_IN_SECONDS);
    return {
        ...{ task: (orders * billedSeconds(load)) / 3600, work, alwaysOn },
        asNeeded: Math.min(alwaysOn, work + bursts / 3600),
    };
}

/**
 * The orders a month from which the worker service costs no more than a task for each order; `undefined` where that is never.
 * Once it costs no more it stays so: by then an order costs it less than a task does, else it had not made up for what it costs idle.
 */
export function breakEven(way: "asNeeded" | "alwaysOn", load: OrderLoad): number | undefined {
    const noMore = (orders: number) => {
        const costs = orderCosts(orders, load);
        return costs[way] <= costs.task;
    };
    let most = 1;
    while (!noMore(most)) {
        most *= 2;
        if (most > MOST_ORDERS) {
            return undefined;
        }
    }
    let least = 0;
    while (most - least > 1) {
        const middle = Math.floor((least + most) / 2);
        [least, most] = noMore(middle) ? [least, middle] : [middle, most];
    }
    return most;
}

/** What Fargate bills for the task of one order: from the image's pull to the end. */
export function billedSeconds({ startSeconds, seconds }: OrderLoad): number {
    return Math.max(LEAST_SECONDS, Math.ceil(startSeconds + seconds));
}

/** The prices that a load's cost is made of. */
export function pricesOf({ architecture, network }: OrderLoad): OrderPrices {
    return {
        vcpuHour: PRICES.fargate.vcpuHour[architecture],
        gbHour: PRICES.fargate.gbHour[architecture],
        ...(network === "public"
            ? { addressHour: PRICES.vpc.publicAddressHour }
            : { endpointHour: PRICES.vpc.endpointHour }),
        request: PRICES.sqs.standardRequest,
        alarmMetricMonth: PRICES.cloudWatch.alarmMetricMonth,
    };
}

interface OrderPrices {
    readonly vcpuHour: Price;
    readonly gbHour: Price;
    /** In public subnets. */
    readonly addressHour?: Price;
    /** In private subnets. */
    readonly endpointHour?: Price;
    readonly request: Price;
    readonly alarmMetricMonth: Price;
}

/** More than any system has; beyond, a break-even is of no use. */
const MOST_ORDERS = 1e12;

/** Receives of a worker that waits so many hours for orders. */
export function idlePolls(hours: number): number {
    return (hours * 3600) / LONG_POLL_SECONDS;
}

/** USD for an hour of one task. */
function hour(load: OrderLoad): number {
    const { vcpuHour, gbHour, addressHour } = pricesOf(load);
    const size = charge(vcpuHour, load.cpu / 1024) + charge(gbHour, load.memory / 1024);
    return size + (addressHour ? charge(addressHour, 1) : 0);
}

function worker(orders: number, workHours: number, hours: number, load: OrderLoad): number {
    const { request, alarmMetricMonth } = pricesOf(load);
    return (
        hours * hour(load) +
        charge(request, orders * REQUESTS + idlePolls(hours - workHours)) +
        charge(alarmMetricMonth, ALARM_METRICS) +
        endpoints(WORKER_ENDPOINTS, load)
    );
}

function endpoints(names: readonly string[], load: OrderLoad): number {
    const { endpointHour } = pricesOf(load);
    return endpointHour ? charge(endpointHour, names.length * ZONES * HOURS) : 0;
}
