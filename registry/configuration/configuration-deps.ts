import type {
  AccessBatch,
  AgentLimits,
  CompleteAgent,
  CompleteGroup,
  CompleteServer,
  ConfigAgent,
  ServerBatch,
  ServerLimits,
} from '../contract/index.ts';
import type { Log } from '../lib/log.ts';
import type { Store, Transaction } from '../store/index.ts';
import type { Current } from './plan/create-plan.ts';

/** The part of the catalogue that configurations need. */
export interface ServerCatalogue {
  /** Every server except the built-in one, as the input that registers it, with secrets in plain text, by path. */
  inputs(): Promise<ReadonlyMap<string, { item: CompleteServer; managedBy: string }>>;
  /** Checks and probes; stores nothing before `write`, which returns what to run after the commit. */
  prepareBatch(
    batch: ServerBatch,
    options: { probe: boolean },
  ): Promise<{ write(tx: Transaction): Promise<() => Promise<void>> }>;
}

/** The part of access that configurations need. */
export interface AccessCatalogue {
  complete(name: string, agent: ConfigAgent): CompleteAgent;
  agents(keys: 'configured' | 'all'): Promise<Current<CompleteAgent>>;
  groups(): Promise<Current<CompleteGroup>>;
  /** Limits of servers, by path, and the configuration that defines them. */
  serverLimits(): Promise<ReadonlyMap<string, { limits: ServerLimits; limitsBy: string }>>;
  /** Limits of a new agent. */
  defaultLimits(): AgentLimits;
  /** Returns what to run after the commit. */
  write(tx: Transaction, batch: AccessBatch): Promise<() => Promise<void>>;
}

export interface ConfigurationDeps {
  store: Pick<Store, 'meta' | 'takenOver' | 'change'>;
  servers: ServerCatalogue;
  access: AccessCatalogue;
  /** Checks a server and stores the result. */
  refresh: (path: string) => Promise<unknown>;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** STDIO_COMMANDS=allow. */
  allowsPrograms: boolean;
}
