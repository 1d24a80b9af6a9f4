import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A tool of a real server, as a client passes it to a model. */
export interface RealTool {
  name: string;
  title?: string;
  description?: string;
  inputSchema: { [member: string]: unknown };
}

export interface RealServer {
  path: string;
  name: string;
  /** npm package and version. */
  package: string;
  tools: RealTool[];
}

/** A query, and the tools that fulfil it, each as `path/tool`: any of them is right. */
export interface QueryCase {
  query: string;
  tools: string[];
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, '../data', file), 'utf8'));

/** The real servers, sorted by path. */
export const readServers = () => read('tools.json') as RealServer[];
/** The queries: those with which the ranking was tuned, and the held-out ones. */
export const readQueries = () => read('queries.json') as { tuned: QueryCase[]; heldOut: QueryCase[] };
