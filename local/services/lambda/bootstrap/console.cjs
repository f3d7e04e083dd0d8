const util = require("node:util");
const { toErrorBody } = require("./errors.cjs");

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const METHODS = {
    trace: "TRACE",
    debug: "DEBUG",
    log: "INFO",
    info: "INFO",
    warn: "WARN",
    error: "ERROR",
    fatal: "FATAL",
};

const json = process.env.AWS_LAMBDA_LOG_FORMAT === "JSON";
const lowest = json ? Math.max(0, LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL)) : 0;

/**
 * Makes `console` write Lambda's lines: `time<TAB>request id<TAB>level<TAB>message`, or JSON objects from the configured level on.
 *
 * @param current Holds the `requestId` of the present invocation.
 */
exports.patchConsole = (current) => {
    for (const [method, level] of Object.entries(METHODS)) {
        const line = json ? jsonLine : textLine;
        console[method] =
            LEVELS.indexOf(level) < lowest
                ? () => {}
                : (...parameters) =>
                      void process.stdout.write(`${line(current.requestId, level, withTrace(level, parameters))}\n`);
    }
};

/** Logs what ended an invocation or the environment. */
exports.logError = (what, error) => {
    if (json) {
        console.error(error instanceof Error ? error : toErrorBody(error));
    } else {
        const { errorType, errorMessage, trace: stack } = toErrorBody(error);
        console.error(what, JSON.stringify({ errorType, errorMessage, ...error, stack }));
    }
};

/** `console.trace` tells where it was called. */
function withTrace(level, parameters) {
    if (level !== "TRACE") {
        return parameters;
    }
    const trace = {};
    Error.captureStackTrace(trace, console.trace);
    return [...parameters, `\n${trace.stack.split("\n").slice(1).join("\n")}`];
}

/** A line end would begin another log event, so it becomes a carriage return, as with AWS. */
function textLine(requestId, level, parameters) {
    return `${new Date().toISOString()}\t${requestId}\t${level}\t${util.format(...parameters).replace(/\n/g, "\r")}`;
}

function jsonLine(requestId, level, parameters) {
    const line = { timestamp: new Date().toISOString(), level, requestId };
    if (parameters.length === 1) {
        try {
            return JSON.stringify({ ...line, ...messageOf(parameters[0]) }, errorsAsObjects);
        } catch {
            // Circular, or with a BigInt: what JSON cannot say is logged as text.
            return JSON.stringify({ ...line, message: util.format(parameters[0]) });
        }
    }
    const error = parameters.find((parameter) => parameter instanceof Error);
    return JSON.stringify({ ...line, message: util.format(...parameters), ...(error && errorFields(error)) });
}

function messageOf(parameter) {
    return { message: parameter instanceof Error ? { ...errorFields(parameter), ...parameter } : parameter };
}

function errorsAsObjects(_key, value) {
    return value instanceof Error ? { ...errorFields(value), ...value } : value;
}

function errorFields(error) {
    return {
        errorType: error.constructor?.name ?? "UnknownError",
        errorMessage: error.message,
        stackTrace: typeof error.stack === "string" ? error.stack.split("\n") : [],
    };
}
