import { join } from 'node:path';
import { RegistryError } from '../lib/errors.ts';
import type { StoredServer } from '../store/index.ts';
import { createNameResolver, type NameResolver } from './dns/resolve-names.ts';
import { planServerTls } from './certificates/plan-server-tls.ts';
import { createPemFiles } from './certificates/pem-files.ts';
import { createCertificates, type Certificates } from './certificates/watch-certificates.ts';
import type { NginxFacts, PlannedGateway, PlannedServerTls } from './plan/route-plan.ts';
import { DEFAULT_TIMING, type PublisherDeps, type PublisherOptions } from './publisher-deps.ts';
import { createDrainFlag, type DrainFlag } from './reload/drain-flag.ts';
import { needsDrain } from './reload/nginx-facts.ts';
import { createWorkerLedger, type WorkerLedger } from './reload/worker-ledger.ts';
import { readWorkers, signal } from './reload/workers.ts';

/** Dependencies of the steps of publishing. */
export interface PublishContext extends Pick<PublisherDeps, 'store' | 'logger' | 'render' | 'gateBundle'> {
  options: PublisherOptions;
  dataDir: string;
  runDir: string;
  errorLogs: readonly string[];
  verifyLimitMs: number;
  ledger: WorkerLedger;
  resolver: NameResolver;
  drainFlag: DrainFlag;
  certificates: Certificates;
  /** Writes the files of servers with their own TLS settings; returns them by id. */
  planServerTls(servers: readonly StoredServer[]): Promise<ReadonlyMap<string, PlannedServerTls>>;
  /** The gateway's own part of a plan, with the current certificates. */
  planGateway(): PlannedGateway;
  /** The installed NGINX. Throws RegistryError `unavailable` until `nginx.facts` is set. */
  readFacts(): NginxFacts;
}

/** After reading a configuration, NGINX's master sleeps this long before it signals older workers to end (ngx_master_process_cycle). */
const RELOAD_GRACE_MS = 100;

/** Creates the context of publishing. `nginx.facts` is null until the installed NGINX was inspected. */
export function createPublishContext(deps: PublisherDeps, nginx: { facts: NginxFacts | null }): PublishContext {
  const { store, logger, options, render, gateBundle, lookup } = deps;
  const { dataDir, errorLogs } = options;
  const { runDir } = options.gateway;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const files = createPemFiles(join(dataDir, 'tls'));
  const certificates = createCertificates({ sources: options.certificates ?? [], files, logger });
  return {
    ...{ store, logger, render, gateBundle, options, dataDir, runDir, errorLogs },
    verifyLimitMs: timing.verifyLimitMs,
    ledger: createWorkerLedger({
      readWorkers: () => readWorkers(runDir),
      signal,
      maxDraining: timing.maxDraining,
      waitMs: timing.drainWaitMs,
    }),
    resolver: createNameResolver({
      checkAddress: options.checkAddress,
      ...(lookup === undefined ? {} : { lookup }),
      againMs: Math.min(5_000, timing.resolveMs),
    }),
    drainFlag: createDrainFlag({
      setDrain: deps.setDrain,
      drainMs: () => (nginx.facts !== null && needsDrain(nginx.facts.version) ? timing.drainMs : 0),
      graceMs: RELOAD_GRACE_MS,
      onError: (message) => logger.error({}, message),
    }),
    certificates,
    planServerTls: (servers) => planServerTls(servers, files),
    planGateway() {
      const { tls, ...gateway } = options.gateway;
      return { ...gateway, tls: tls && { ...tls, certificates: certificates.current() } };
    },
    readFacts() {
      if (nginx.facts === null) throw new RegistryError('unavailable', 'Publishing has not started yet');
      return nginx.facts;
    },
  };
}
