/** A resource about to be made. */
export interface Subject {
    readonly type: string;
    readonly name: string;
    readonly urn: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly region: string;
    readonly account: string;
    /** The name given, or one such as Pulumi makes: the resource's name, a dash, seven random characters. */
    readonly physicalName: (given: unknown) => string;
    /** Characters that are unique to the resource (and purpose), as in an id that AWS generates. */
    readonly unique: (length: number, purpose?: string) => string;
    /** As `unique`, of hexadecimal digits, as in the ids of EC2. At most 64. */
    readonly hex: (length: number, purpose?: string) => string;
    /** A UUID that is unique to the resource. */
    readonly uuid: () => string;
}

export interface Prediction {
    /** Empty for a remote component. */
    readonly id: string;
    /** Properties that AWS adds to the inputs, or sets where they are absent. */
    readonly outputs: Readonly<Record<string, unknown>>;
}

export type Predictor = (subject: Subject) => Prediction;

/**
 * Stands for a secret that AWS generates, such as the value of an API key. It is no secret itself; the local run puts one
 * of its own making in its place.
 */
export function generatedValue(urn: string, property: string): string {
    return `{{generated ${urn}#${property}}}`;
}
