export type { KeyHolder } from './agents/identify-agent.ts';
export { type Access, type AccessOptions, createAccess } from './create-access.ts';
export type { ReadCounters } from './limits/read-use.ts';
