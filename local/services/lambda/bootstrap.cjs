// The Node.js runtime of a function's execution environment. A plain file, because the environment has no TypeScript.
//
// It does what AWS's own aws-lambda-ric 4 does over the same Runtime API, for handlers of an event and a context. Written for
// speed over one socket: the answer to an invocation and the request for the next one leave in one write.
const { patchConsole, logError } = require("./bootstrap/console.cjs");
const { toErrorBody } = require("./bootstrap/errors.cjs");
const { loadHandler } = require("./bootstrap/loadHandler.cjs");
const { connect } = require("./bootstrap/runtimeApi.cjs");

const environment = process.env;
const current = { requestId: undefined };
const api = connect(environment.AWS_LAMBDA_RUNTIME_API);

patchConsole(current);
// Ctrl-C reaches the whole process group; when functions end is for the local run to say.
process.on("SIGINT", () => {});
process.on("uncaughtException", (error) => endWith("Uncaught Exception", error, 129));
process.on("unhandledRejection", (reason) => {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    endWith(
        "Unhandled Promise Rejection",
        Object.assign(new Error(String(reason), { cause: error }), {
            name: "Runtime.UnhandledPromiseRejection",
            stack: error.stack,
        }),
        128,
    );
});
start().catch((error) => endWith("Init Error", error, 1));

async function start() {
    const handler = await loadHandler(environment.LAMBDA_TASK_ROOT, environment._HANDLER);
    api.onInvocation = (headers, body) => void invoke(handler, headers, body);
    api.next();
}

async function invoke(handler, headers, body) {
    const requestId = headers["lambda-runtime-aws-request-id"];
    current.requestId = requestId;
    setTraceId(headers["lambda-runtime-trace-id"]);
    let response;
    try {
        const result = await handler(JSON.parse(body), contextOf(requestId, headers));
        response = JSON.stringify(result) ?? "null";
    } catch (error) {
        logError("Invoke Error", error);
        api.fail(requestId, toErrorBody(error));
        api.next();
        return;
    }
    api.respond(requestId, response);
    api.next();
}

function setTraceId(traceId) {
    if (traceId === undefined) {
        delete environment._X_AMZN_TRACE_ID;
    } else {
        environment._X_AMZN_TRACE_ID = traceId;
    }
}

function contextOf(awsRequestId, headers) {
    const deadline = Number(headers["lambda-runtime-deadline-ms"]);
    return {
        callbackWaitsForEmptyEventLoop: true,
        functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
        functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
        memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
        logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
        logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
        clientContext: undefined,
        identity: undefined,
        invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
        awsRequestId,
        getRemainingTimeInMillis: () => deadline - Date.now(),
    };
}

function endWith(what, error, code) {
    logError(what, error);
    const exit = () => process.exit(code);
    if (current.requestId === undefined) {
        api.failInit(toErrorBody(error), exit);
    } else {
        api.fail(current.requestId, toErrorBody(error), exit);
    }
}
