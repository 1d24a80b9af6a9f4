import type { Kysely } from 'kysely';
import { createAgentRows } from './access/agent-rows.ts';
import { createAuditRows } from './activity/audit-rows.ts';
import { createCallRows } from './activity/call-rows.ts';
import { createCheckRows } from './servers/check-rows.ts';
import { createGenerationRows } from './system/generation-rows.ts';
import { createGroupRows } from './access/group-rows.ts';
import { createInstanceListRows } from './tools/instance-list-rows.ts';
import { createKeyUseRows } from './access/key-use-rows.ts';
import { createKillRows } from './access/kill-rows.ts';
import { createLimitRows } from './access/limit-rows.ts';
import { createMetaRows } from './system/meta-rows.ts';
import { createObservationRows } from './servers/observation-rows.ts';
import type { Sealer } from '../seal.ts';
import { createRecordingRows } from './servers/recording-rows.ts';
import { createServerCountRows } from './servers/server-count-rows.ts';
import { createServerRows } from './servers/server-rows.ts';
import { createSessionRows } from './access/session-rows.ts';
import { createTakenOverRows } from './system/taken-over-rows.ts';
import { createToolHitRows } from './tools/tool-hit-rows.ts';
import { createToolIssueRows } from './tools/tool-issue-rows.ts';
import { createToolLockRows } from './tools/tool-lock-rows.ts';
import type { Tables } from '../tables.ts';
import { createToolRows } from './tools/tool-rows.ts';
import { createVirtualVersionRows } from './servers/virtual-version-rows.ts';
import { createUserRows } from './access/user-rows.ts';

/** The functions of all tables, for the database or for one transaction. */
export function createRows(db: Kysely<Tables>, sealer: Sealer) {
  return {
    agents: createAgentRows(db),
    audit: createAuditRows(db, sealer),
    calls: createCallRows(db),
    checks: createCheckRows(db),
    generations: createGenerationRows(db),
    groups: createGroupRows(db),
    instanceLists: createInstanceListRows(db),
    keyUses: createKeyUseRows(db),
    kills: createKillRows(db),
    limits: createLimitRows(db),
    meta: createMetaRows(db),
    observations: createObservationRows(db),
    toolHits: createToolHitRows(db),
    toolIssues: createToolIssueRows(db),
    toolLocks: createToolLockRows(db),
    recordings: createRecordingRows(db),
    serverCounts: createServerCountRows(db),
    servers: createServerRows(db, sealer),
    sessions: createSessionRows(db),
    takenOver: createTakenOverRows(db),
    tools: createToolRows(db),
    users: createUserRows(db),
    virtualVersions: createVirtualVersionRows(db),
  };
}
export type Rows = ReturnType<typeof createRows>;
