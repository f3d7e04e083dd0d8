// Preloaded into a program: leads connections to Fargate's credential endpoint, which no test can listen at, to TO_PORT of 127.0.0.1.
const net = require("node:net");

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
    const [options] = Array.isArray(args[0]) ? args[0] : args;
    if (options.host === "169.254.170.2" && Number(options.port) === 80) {
        Object.assign(options, { host: "127.0.0.1", port: Number(process.env.TO_PORT) });
    }
    return connect.apply(this, args);
};
