import type { CompleteAgent, CompleteGroup, CompleteServer, ConfigAgent, ServerInput } from '../contract/index.ts';
import type { Log } from '../lib/log.ts';
import type { Store, Transaction } from '../store/index.ts';
import type { Current } from './plan/make-plan.ts';

export interface ServerBatch {
  put: { input: ServerInput; managedBy: string }[];
  /** Paths. */
  remove: string[];
  mark: { path: string; managedBy: string }[];
}

/** The part of the catalogue that configurations need. */
export interface ServerCatalogue {
  /** Every server but the built-in one as the input that makes it, secrets in the clear, by path. */
  inputs(): Promise<Current<CompleteServer>>;
  /** Checks and probes; stores nothing before `write`, which returns what follows after the commit. */
  prepareBatch(
    batch: ServerBatch,
    options: { probe: boolean },
  ): Promise<{ write(tx: Transaction): Promise<() => Promise<void>> }>;
}

/** What is to be as given, what is to be removed, and what comes from another configuration from now on. */
interface Batch<Item> {
  put: { name: string; item: Item; managedBy: string }[];
  remove: string[];
  mark: { name: string; managedBy: string }[];
}

export interface AccessBatch {
  agents: Batch<CompleteAgent>;
  groups: Batch<CompleteGroup>;
}

/** The part of access that configurations need. */
export interface AccessCatalogue {
  complete(name: string, agent: ConfigAgent): CompleteAgent;
  agents(keys: 'configured' | 'all'): Promise<Current<CompleteAgent>>;
  groups(): Promise<Current<CompleteGroup>>;
  /** Returns what follows after the commit. */
  write(tx: Transaction, batch: AccessBatch): Promise<() => Promise<void>>;
}

export interface ConfigurationDeps {
  store: Pick<Store, 'meta' | 'takenOver' | 'change' | 'together'>;
  servers: ServerCatalogue;
  access: AccessCatalogue;
  /** Checks a server and stores what it is. */
  refresh: (path: string) => Promise<unknown>;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** STDIO_COMMANDS=allow. */
  allowsPrograms: boolean;
}
