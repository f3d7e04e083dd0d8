/** The body that the Runtime API takes for anything thrown. */
exports.toErrorBody = (error) => {
    if (error instanceof Error || Object.prototype.toString.call(error) === "[object Error]") {
        return {
            errorType: String(error.name),
            errorMessage: String(error.message),
            trace: String(error.stack ?? "").split("\n"),
        };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
};

/** An error of the runtime's own, e.g. `Runtime.HandlerNotFound`. */
exports.runtimeError = (name, message, cause) => {
    const error = new Error(message, { cause });
    error.name = name;
    error.stack = cause instanceof Error ? `${name}: ${cause.stack}` : `${name}: ${message}`;
    return error;
};
