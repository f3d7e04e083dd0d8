import * as http from "node:http";
import type { AddressInfo } from "node:net";

// The floor that the local run is measured against: the same answer from Node's HTTP server alone.

const server = http.createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end('{"message":"Hello, Ada!"}');
});
server.listen(0, "127.0.0.1", () =>
    console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })),
);
