import type Database from 'better-sqlite3';

/** Selects the requests to sum up: those of these agents that ended at `fromMs` (epoch milliseconds) or later, at most the latest `maxRows`. */
export interface CallSumQuery {
  agents: readonly string[];
  fromMs: number;
  maxRows: number;
}

/** Equal requests of an agent to a server within one hour. */
export interface CallSum {
  agent: string;
  server: string;
  methods: string[];
  tools: string[];
  prompts: string[];
  resources: string[];
  count: number;
  /** When the last of them ended, epoch milliseconds. */
  lastMs: number;
}

export interface CallSums {
  sums: CallSum[];
  /** False: there are more requests than `maxRows`. */
  isComplete: boolean;
}

interface SumRow extends Omit<CallSum, 'methods' | 'tools' | 'prompts' | 'resources'> {
  methods: string;
  tools: string;
  prompts: string;
  resources: string;
}

const SUM = `
  SELECT agent, server, methods, tools, prompts, resources, count(*) AS count, max(time_ms) AS lastMs
  FROM (SELECT * FROM calls WHERE agent = ? AND time_ms >= ? AND server IS NOT NULL ORDER BY time_ms DESC LIMIT ?)
  GROUP BY server, methods, tools, prompts, resources, time_ms / 3600000`;

const read = (text: string) => JSON.parse(text) as string[];

/** Sums up the calls of agents; by hour, since grants may be limited to hours. */
export function sumCalls(db: Database.Database, { agents, fromMs, maxRows }: CallSumQuery): CallSums {
  const select = db.prepare<unknown[], SumRow>(SUM);
  const each = Math.max(1, Math.floor(maxRows / Math.max(1, agents.length)));
  let isComplete = true;
  const sums = agents.flatMap((agent) => {
    const rows = select.all(agent, fromMs, each);
    if (rows.reduce((sum, { count }) => sum + count, 0) >= each) isComplete = false;
    return rows.map((row) => ({
      ...row,
      methods: read(row.methods),
      tools: read(row.tools),
      prompts: read(row.prompts),
      resources: read(row.resources),
    }));
  });
  return { sums, isComplete };
}
