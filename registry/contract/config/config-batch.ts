import type { ServerLimits } from '../access/limits.ts';
import type { ServerInput } from '../server/server.ts';
import type { CompleteAgent, CompleteGroup } from './complete.ts';

/** Changes of one kind of item that a configuration makes in one transaction. */
export interface ConfigBatch<Item> {
  /** What is to be as given, whatever it is now. */
  put: { name: string; item: Item; managedBy: string }[];
  remove: string[];
  /** What stays as it is and comes from another configuration, or none (''), from now on. */
  mark: { name: string; managedBy: string }[];
}

/** Limits of one agent, group or server, and which configuration gives them ('': none). */
export interface LimitsBatch {
  scope: 'agent' | 'group' | 'server';
  /** Name of the agent or group, path of the server. */
  name: string;
  /** Left out: those that are there stay. */
  limits?: ServerLimits | undefined;
  managedBy: string;
}

/** Agents and groups that are stored together. */
export interface AccessBatch {
  agents: ConfigBatch<CompleteAgent>;
  groups: ConfigBatch<CompleteGroup>;
  /** Of these, and of servers that are stored in the same transaction before. */
  limits: LimitsBatch[];
}

/** Servers that are stored together. */
export interface ServerBatch {
  put: { input: ServerInput; managedBy: string }[];
  /** Paths. */
  remove: string[];
  /** Paths of servers that stay as they are and come from another configuration, or none (''), from now on. */
  mark: { path: string; managedBy: string }[];
}
