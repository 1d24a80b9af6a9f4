import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../settings/index.ts';
import { planGateway } from './plan/plan-gateway.ts';
import type { PublisherOptions } from './publisher-deps.ts';
import { createRunDir } from './reload/run-dir.ts';
import { createUpstreamRule, type CheckAddress } from '../upstream/index.ts';

/** The settings that the upstream rule depends on. */
export const upstreamRule = ({ upstreamAllow, gatewayPort, tls, registryPort }: Settings) => ({
  allow: upstreamAllow,
  ownPorts: [gatewayPort, registryPort, ...(tls === null ? [] : [tls.port])],
});

/** Which addresses may be backends, according to these settings: one rule for probe, registration and publishing. */
export function createSettingsUpstreamRule(settings: Settings): CheckAddress {
  return createUpstreamRule({
    ...upstreamRule(settings),
    ownAddresses: () =>
      Object.values(networkInterfaces())
        .flat()
        .flatMap((entry) => (entry === undefined ? [] : [entry.address])),
  });
}

/** Derives the publisher's options from the settings; creates the run folder. Throws RegistryError `unavailable`, `invalid`. */
export function createPublisherOptions(settings: Settings): PublisherOptions {
  const { dataDir, logDir } = settings;
  const runDir = createRunDir(dataDir);
  return {
    dataDir,
    nginxBin: settings.nginxBin,
    nginxModulesDir: settings.nginxModulesDir,
    caFile: settings.caFile,
    gateway: planGateway(settings, { accessDir: join(dataDir, 'access'), logDir, runDir }),
    errorLogs: [join(logDir, 'error.log'), join(logDir, 'nginx', 'current')],
    checkAddress: createSettingsUpstreamRule(settings),
    ...(settings.tls !== null && { certificates: settings.tls.sources }),
  };
}
