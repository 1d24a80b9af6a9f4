import type { Events } from '../lib/events.ts';
import type { Log } from '../lib/log.ts';
import type { CertificateSource } from '../settings/index.ts';
import type { Store } from '../store/index.ts';
import type { PlannedGateway } from './plan/route-plan.ts';
import type { Render } from './render/render.ts';
import type { CheckAddress, Lookup } from '../upstream/index.ts';

export interface PublisherOptions {
  dataDir: string;
  nginxBin: string;
  nginxModulesDir: string | undefined;
  caFile: string;
  gateway: PlannedGateway;
  /** Where NGINX and its supervisor write errors; read for NGINX's reason when a reload fails. */
  errorLogs: readonly string[];
  checkAddress: CheckAddress;
  /** Where the gateway's certificates come from; absent: no TLS. */
  certificates?: readonly CertificateSource[];
  timing?: Partial<Timing>;
}

export interface Timing {
  /** How long the drain flag is up before a reload closes connections: a client that sends requests at least this often loses none. */
  drainMs: number;
  /** How long a reload may take until it is verified. */
  verifyLimitMs: number;
  /** How long to wait for an NGINX that is being started. */
  startLimitMs: number;
  /** While more are in progress, changes are collected until none arrived for `quietMs`, at most for `longestMs`. */
  quietMs: number;
  longestMs: number;
  /** How often to check that NGINX still serves the expected generation. */
  checkMs: number;
  /** How often rejected servers and failed runs are retried. */
  retryMs: number;
  /** How often names are resolved again. */
  resolveMs: number;
  /** Interval of checks for renewed certificates. */
  certificateMs: number;
  maxDraining: number;
  /** How long a reload waits while `maxDraining` generations drain. */
  drainWaitMs: number;
}

export const DEFAULT_TIMING: Timing = {
  drainMs: 200,
  verifyLimitMs: 10_000,
  startLimitMs: 10_000,
  quietMs: 50,
  longestMs: 250,
  checkMs: 1_000,
  retryMs: 60_000,
  resolveMs: 30_000,
  certificateMs: 5_000,
  maxDraining: 4,
  drainWaitMs: 5_000,
};

export interface PublisherDeps {
  store: Pick<Store, 'servers' | 'generations' | 'meta' | 'change' | 'transaction'>;
  events: Events;
  logger: Log;
  options: PublisherOptions;
  render: Render;
  /** The bundled gate, text of the file that NGINX imports. */
  gateBundle: string;
  setDrain: (on: boolean) => Promise<void>;
  /** How names are resolved; absent: by the operating system. */
  lookup?: Lookup;
}
