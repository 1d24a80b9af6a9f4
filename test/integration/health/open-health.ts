import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverInput, serverPatch, type ServerInput, type ServerPatch } from '../../../registry/contract/index.ts';
import { readSettings } from '../../../registry/settings/settings.ts';
import { wire, type Wired } from '../../../registry/wire.ts';
import { silentLog } from '../../support/registry/silent-log.ts';
import { createFakePublisher } from '../../support/registry/fake-publisher.ts';

export interface HealthSetup extends Pick<Wired, 'servers' | 'health' | 'tools' | 'store' | 'events'> {
  dataDir: string;
  databaseFile: string;
  /** Ids of the servers whose access files were written, in order. */
  written: string[];
  /** Warnings and errors. */
  logged: string[];
  input(value: unknown): ServerInput;
  patch(value: unknown): ServerPatch;
  /** Ends the registry; its data stays. */
  stop(): Promise<void>;
  /** Ends the registry and removes its data. */
  close(): Promise<void>;
}

interface HealthOptions {
  timeoutMs?: number;
  cron?: string;
  /** The data of a registry that was stopped. */
  dataDir?: string;
}

/** A registry without NGINX; its schedule runs after `health.start()`. */
export async function openHealth(options: HealthOptions = {}): Promise<HealthSetup> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'mcpgw-health-'));
  const settings = readSettings(
    {
      DATA_DIR: dataDir,
      SECRET_KEY: 'a secret key of the tests, 32 characters and more',
      GATEWAY_URL: 'https://gw.example',
      HEALTH_TIMEOUT_MS: String(options.timeoutMs ?? 5_000),
      HEALTH_CRON: options.cron ?? '*/30 * * * * *',
      CALL_STORE: 'off',
    },
    dataDir,
  );
  const logged: string[] = [];
  const log = {
    ...silentLog,
    warn: (_: object, message: string) => void logged.push(message),
    error: (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`),
  };
  const wired = await wire(settings, log, {
    publisher: createFakePublisher(),
    health: { firstMs: 50, jitterMs: 50 },
  });
  const written: string[] = [];
  const { files } = wired.access;
  const { writeServer } = files;
  files.writeServer = (id) => {
    written.push(id);
    return writeServer(id);
  };
  const { servers, health, tools, store, events } = wired;
  return {
    ...{ servers, health, tools, store, events },
    ...{ dataDir, databaseFile: settings.databaseFile, written, logged },
    input: (value) => serverInput.parse(value),
    patch: (value) => serverPatch.parse(value),
    stop: () => wired.close(),
    async close() {
      await wired.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
