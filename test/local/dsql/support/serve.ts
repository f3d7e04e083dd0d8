import { startPostgres } from "../../../../local/services/dsql/postgres/server";

// A run that is to be killed: serves the folder that its argument names, and prints the server's process id.
void startPostgres({ folder: process.argv[2], print: console.error }).then((server) => console.log(server.pid()));
