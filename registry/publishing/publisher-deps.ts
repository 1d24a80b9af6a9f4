import type { Logger } from 'pino';
import type { Events } from '../events.ts';
import type { Store } from '../store/index.ts';
import type { Lookup } from './dns/resolve-names.ts';
import type { PlannedGateway } from './plan/route-plan.ts';
import type { Render } from './render/render.ts';
import type { CheckAddress } from './dns/upstream-rule.ts';

export interface PublisherOptions {
  dataDir: string;
  nginxBin: string;
  nginxModulesDir: string | undefined;
  caFile: string;
  gateway: PlannedGateway;
  /** Where NGINX and its supervisor write errors; read for NGINX's reasons when a reload fails. */
  errorLogs: readonly string[];
  checkAddress: CheckAddress;
  timing?: Partial<Timing>;
}

export interface Timing {
  /** How long the drain flag is up before a reload closes connections. */
  drainMs: number;
  /** How long a reload may take until it is proven. */
  proofLimitMs: number;
  /** How long to wait for an NGINX that is being started. */
  startLimitMs: number;
  /** While more are coming, changes are gathered until none came for `quietMs`, at most `longestMs`. */
  quietMs: number;
  longestMs: number;
  /** How often to look whether NGINX still serves what it should. */
  watchMs: number;
  /** How often servers that are set aside, and what failed, are tried again. */
  retryMs: number;
  /** How often names are asked for. */
  resolveMs: number;
  mostDraining: number;
  /** How long a reload waits while that many generations drain. */
  drainWaitMs: number;
}

export const DEFAULT_TIMING: Timing = {
  drainMs: 250,
  proofLimitMs: 10_000,
  startLimitMs: 10_000,
  quietMs: 50,
  longestMs: 250,
  watchMs: 1_000,
  retryMs: 60_000,
  resolveMs: 30_000,
  mostDraining: 4,
  drainWaitMs: 5_000,
};

export interface PublisherParts {
  store: Pick<Store, 'servers' | 'generations' | 'meta' | 'change' | 'together'>;
  events: Events;
  logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  options: PublisherOptions;
  render: Render;
  /** The bundled gate, text of the file that NGINX imports. */
  gateBundle: string;
  setDrain: (on: boolean) => Promise<void>;
  /** Whether a change is being made that will ask for a publish, so that it is worth waiting for; absent: not known, which is a reason to wait. */
  isChangeComing?: () => boolean;
  /** How names are resolved; the machine's own way when absent. */
  lookup?: Lookup;
}
