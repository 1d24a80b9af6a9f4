import { agentLimits, type AgentLimits } from '../contract/index.ts';
import type { Events } from '../lib/events.ts';
import type { Store } from '../store/index.ts';
import { createAccessWriter } from './files/access-writer.ts';
import type { ToolFacts } from './files/access-contents.ts';
import { createAgentKeys } from './agents/agent-keys.ts';
import { createAccessBatch } from './batch/access-batch.ts';
import { createAgents } from './agents/agents.ts';
import { authenticate } from './agents/authenticate.ts';
import { identifyAgent } from './agents/identify-agent.ts';
import { bootstrapAccess, type FirstLogin } from './bootstrap.ts';
import type { Log } from '../lib/log.ts';
import { createInsight } from './explain/create-insight.ts';
import { createGroups } from './groups/groups.ts';
import type { ReadCounters } from './limits/read-use.ts';
import { createLimits } from './limits/limits.ts';
import { createKills } from './kill/kills.ts';
import { createRecordings } from './recordings/recordings.ts';
import { createPasswords } from './users/password.ts';
import { createUsers } from './users/users.ts';

// Access control: people with sessions, agents with keys and grants, and the files that let the gate decide without a request.
// agents, agent-keys, groups and users change the database; access-writer updates the files; key and password do the cryptography.

export interface AccessOptions {
  store: Store;
  events: Events;
  /** `DATA_DIR/access`. */
  accessDir: string;
  secretKey: string;
  log: Pick<Log, 'info' | 'warn'>;
  /** Whether the meta endpoint is served; absent: no. */
  hasMeta?: boolean;
  toolFacts?: (serverId: string) => Promise<ToolFacts>;
  /** Absent: usage is unavailable. */
  readCounters?: ReadCounters;
  /** log2 of bcrypt's rounds. */
  bcryptCost?: number;
  /** First delay before a failed write of an access file is retried. */
  retryMs?: number;
}

/** Creates the access feature. Call `files.sync()` before serving and `close()` at the end. */
export function createAccess(options: AccessOptions) {
  const { store, events } = options;
  const passwords = createPasswords(options.bcryptCost ?? 12);
  const files = createAccessWriter(options);
  let defaultLimits = agentLimits.parse({});
  return {
    agents: createAgents({ store, events, files, defaultLimits: () => defaultLimits }),
    batch: createAccessBatch({ store, events, files, defaultLimits: () => defaultLimits }),
    keys: createAgentKeys({ store, events, files }),
    insight: createInsight({
      store,
      toolFacts: options.toolFacts ?? (() => Promise.resolve({ allowed: null, readOnly: [] })),
    }),
    groups: createGroups({ store, events, files }),
    kills: createKills({ store, events, files }),
    limits: createLimits({
      store,
      events,
      files,
      readCounters: options.readCounters ?? (() => Promise.resolve(undefined)),
    }),
    recordings: createRecordings({ store, files }),
    users: createUsers({ store, events, passwords }),
    files,
    /** Sets the limits of agents created from now on. */
    setDefaultLimits: (limits: AgentLimits) => (defaultLimits = limits),
    authenticate: (key: string) => authenticate(store, key),
    /** The holder of a key, with or without a role. Throws `unauthorized`, or `forbidden` when a kill switch is on. */
    identifyAgent: (key: string) => identifyAgent(store, key),
    bootstrap: (admin: { username: string; password: string | undefined }, announce?: (login: FirstLogin) => void) =>
      bootstrapAccess({ store, files, passwords }, admin, announce),
    close: () => files.close(),
  };
}
export type Access = ReturnType<typeof createAccess>;
