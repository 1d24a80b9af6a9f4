import { Server } from 'node:net';

// server-everything listens on every interface and has no option to change that; a demo that prints its environment must stay on loopback.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its server below
const listen = Server.prototype.listen as (this: Server, options: object, listening?: () => void) => Server;
Server.prototype.listen = function (this: Server, port: unknown, listening?: () => void): Server {
  return listen.call(this, { port: Number(port), host: '127.0.0.1' }, listening);
} as typeof Server.prototype.listen;

process.argv[2] = 'streamableHttp';
// It has no types.
const program: string = '@modelcontextprotocol/server-everything/dist/index.js';
await import(program);
