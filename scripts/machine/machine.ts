import { readFileSync, statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isRunLockFree } from '../start/supervise/run-lock.ts';
import { CHECKS } from './checks/index.ts';
import { readMachineSettings } from './machine-settings.ts';
import { runChecks } from './run-checks.ts';
import { readRunningSettings } from './running-settings.ts';

// Reports about this machine for the command line, as JSON: it works with nothing running and nothing installed.
const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '..');
const [command, ...options] = process.argv.slice(2);
const configured = readMachineSettings(process.env, root, process.cwd());

/** Pid of the start that holds the data folder; null: none does. */
function readPid(dataDir: string): number | null {
  try {
    if (isRunLockFree(dataDir)) return null;
    const pid = Number(readFileSync(join(dataDir, 'gateway.pid'), 'utf8').trim());
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

const pid = readPid(configured.dataDir);
// Ports that this shell does not set are those that the running gateway was started with.
const env = { ...readRunningSettings('/proc', pid), ...process.env };
const settings = readMachineSettings(env, root, process.cwd());
const { dataDir, logDir, gatewayUrl } = settings;
if (command === 'doctor') {
  const facts = {
    env,
    root,
    settings,
    proc: '/proc',
    system: '/',
    statfs: (folder: string) => statfsSync(folder),
    nowMs: Date.now(),
    pid,
  };
  console.log(JSON.stringify(await runChecks(CHECKS, facts, options.includes('--fix'))));
} else console.log(JSON.stringify({ dataDir, logDir, gatewayUrl, pid }));
