/** Where functions and API stages write their log lines. */
export interface LogSink {
    /** True when the log group is declared. */
    has(logGroup: string): boolean;
    /** Appends lines (without line ends) to a stream, creating the stream. Cheap: buffered, flushed within 200 ms and at close. */
    put(logGroup: string, logStream: string, lines: readonly string[]): void;
}
