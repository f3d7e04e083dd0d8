/** Reads CPU units from `"256"` or `"0.25 vCPU"`. */
export function toUnits(text: unknown): number {
    return read(text, /^([\d.]+)\s*vcpu$/i);
}

/** Reads MiB from `"512"` or `"0.5 GB"`. */
export function toMib(text: unknown): number {
    return read(text, /^([\d.]+)\s*gb$/i);
}

/** @throws When Fargate has no such size. Source: ECS Developer Guide, "Fargate task sizes". */
export function checkFargateSize(cpu: number, memory: number): void {
    const [least, most, step] = SIZES[cpu] ?? [];
    const small = cpu === 256 && memory === 512;
    if (!small && (least === undefined || memory < least || memory > most || memory % step !== 0)) {
        throw new Error(`No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`);
    }
}

function read(text: unknown, large: RegExp): number {
    const [, thousands] = large.exec(String(text)) ?? [];
    return thousands === undefined ? Number(text) : Number(thousands) * 1024;
}

/** Least, most and step of memory in MiB, by CPU units. */
const SIZES: Readonly<Record<number, readonly [number, number, number]>> = {
    256: [1024, 2048, 1024],
    512: [1024, 4096, 1024],
    1024: [2048, 8192, 1024],
    2048: [4096, 16_384, 1024],
    4096: [8192, 30_720, 1024],
    8192: [16_384, 61_440, 4096],
    16384: [32_768, 122_880, 8192],
};
