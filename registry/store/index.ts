export { NothingToChange, type Transaction } from './change.ts';
export { explainDatabaseFailure } from './explain-database-failure.ts';
export { type Store, openStore } from './open-store.ts';
export type { StoredAgent, StoredKey } from './rows/access/agent-rows.ts';
export type { CallCount, CallDuration } from './rows/activity/call-rows.ts';
export type { StoredCheck } from './rows/servers/check-rows.ts';
export type { StoredGeneration } from './rows/system/generation-rows.ts';
export type { Observation } from './rows/servers/observation-rows.ts';
export type { Rows } from './rows/rows.ts';
<<<<<<< HEAD
export type { StoredInstance, StoredServer } from './rows/servers/server-rows.ts';
export type { Approval, StoredToolLock } from './rows/tools/tool-lock-rows.ts';
export type { StoredTool } from './rows/tools/tool-rows.ts';
export type { SearchGroup, SearchHit, SearchText } from './rows/tools/tool-search.ts';
export type { StoredUser } from './rows/access/user-rows.ts';
=======
export type { StoredInstance, StoredServer } from './rows/server-rows.ts';
export type { Approval, StoredToolLock } from './rows/tool-lock-rows.ts';
export type { StoredTool } from './rows/tool-rows.ts';
export type { SearchGroup, SearchHit, SearchText } from './rows/tool-search.ts';
export type { StoredUser } from './rows/user-rows.ts';
export { openCallStore, type CallStore } from './calls/open-call-store.ts';
export type { CallPlace, CallSearch, FoundCalls } from './calls/search-calls.ts';
>>>>>>> 59bf777 (activity: store single calls in a database of their own)
export { requireServer } from './require-server.ts';
export { createSealer, deriveKey } from './seal.ts';
