import { join } from 'node:path';
import { ROOT } from '../gateway/start-gateway.ts';

const NODE = join(ROOT, 'node_modules/.bin/node');

/** The reference server of the MCP project on stdin and stdout, as it is registered. */
export const EVERYTHING = {
  command: NODE,
  args: [join(ROOT, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'), 'stdio'],
};

/** A server that misbehaves on demand. */
export const ODD = { command: NODE, args: [join(ROOT, 'test/fixtures/programs/odd-program.ts')] };
