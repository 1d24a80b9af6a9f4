import type { ServerLimits } from '../access/limits.ts';
import type { ServerInput } from '../server/server.ts';
import type { CompleteAgent, CompleteGroup } from './complete.ts';

/** Changes of one kind of item that a configuration makes in one transaction. */
export interface ConfigBatch<Item> {
  /** Items to store, regardless of their current state. */
  put: { name: string; item: Item; managedBy: string }[];
  remove: string[];
  /** Items that remain unchanged, but are managed by another configuration, or none (''), from now on. */
  mark: { name: string; managedBy: string }[];
}

/** Limits of one agent, group or server, and the configuration that defines them ('': none). */
export interface LimitsBatch {
  scope: 'agent' | 'group' | 'server';
  /** Name of the agent or group, path of the server. */
  name: string;
  /** Left out: the existing ones remain. */
  limits?: ServerLimits | undefined;
  managedBy: string;
}

/** Agents and groups that are stored together. */
export interface AccessBatch {
  agents: ConfigBatch<CompleteAgent>;
  groups: ConfigBatch<CompleteGroup>;
  /** Limits of these, and of servers that are stored earlier in the same transaction. */
  limits: LimitsBatch[];
}

/** Servers that are stored together. */
export interface ServerBatch {
  put: { input: ServerInput; managedBy: string }[];
  /** Paths. */
  remove: string[];
  /** Paths of servers that remain unchanged, but are managed by another configuration, or none (''), from now on. */
  mark: { path: string; managedBy: string }[];
}
