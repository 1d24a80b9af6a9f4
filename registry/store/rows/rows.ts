import type { Kysely } from 'kysely';
import { createAgentRows } from './agent-rows.ts';
import { createAuditRows } from './audit-rows.ts';
import { createCallRows } from './call-rows.ts';
import { createCheckRows } from './check-rows.ts';
import { createGenerationRows } from './generation-rows.ts';
import { createInstanceListRows } from './instance-list-rows.ts';
import { createMetaRows } from './meta-rows.ts';
import { createObservationRows } from './observation-rows.ts';
import type { Sealer } from '../seal.ts';
import { createServerRows } from './server-rows.ts';
import { createSessionRows } from './session-rows.ts';
import { createToolLockRows } from './tool-lock-rows.ts';
import type { Tables } from '../tables.ts';
import { createToolRows } from './tool-rows.ts';
import { createToolSearch } from './tool-search.ts';
import { createUserRows } from './user-rows.ts';

/** All tables behind their functions, over the database or over one transaction. */
export function createRows(db: Kysely<Tables>, sealer: Sealer) {
  return {
    agents: createAgentRows(db),
    audit: createAuditRows(db),
    calls: createCallRows(db),
    checks: createCheckRows(db),
    generations: createGenerationRows(db),
    instanceLists: createInstanceListRows(db),
    meta: createMetaRows(db),
    observations: createObservationRows(db),
    toolLocks: createToolLockRows(db),
    servers: createServerRows(db, sealer),
    sessions: createSessionRows(db),
    tools: createToolRows(db),
    toolSearch: createToolSearch(db),
    users: createUserRows(db),
  };
}
export type Rows = ReturnType<typeof createRows>;
