import type { ServerLimits } from '../access/limits.ts';
import type { ServerInput } from '../server/server.ts';
import type { CompleteAgent, CompleteGroup } from './complete.ts';

/** Changes of one kind of item that a configuration makes in one transaction. */
export interface ConfigBatch<Item> {
  /** What is to be as given, whatever it is now. */
  put: { name: string; item: Item; managedBy: string }[];
  remove: string[];
  /** What stays as it is and comes from another configuration from now on. */
  mark: { name: string; managedBy: string }[];
}

/** Agents and groups that are stored together. */
export interface AccessBatch {
  agents: ConfigBatch<CompleteAgent>;
  groups: ConfigBatch<CompleteGroup>;
  /** Of servers that are stored in the same transaction before. */
  serverLimits: { path: string; limits: ServerLimits }[];
}

/** Servers that are stored together. */
export interface ServerBatch {
  put: { input: ServerInput; managedBy: string }[];
  /** Paths. */
  remove: string[];
  /** Paths of servers that stay as they are and come from another configuration, or none (''), from now on. */
  mark: { path: string; managedBy: string }[];
}
