import { parseArgs } from 'node:util';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { checkKey } from './client/check-key.ts';
import { readSettings as readBridgeSettings } from '../bridge/settings.ts';
import { startBridge } from '../bridge/start-bridge.ts';
import type { RegistryAccess } from './client/registry-client.ts';
import { createServer } from './mcp/create-server.ts';
import { serveHttp } from './http/serve-http.ts';
import { readSettings, USAGE } from './settings.ts';
import { rejectStdio } from './stdio/reject-stdio.ts';

/** sysexits.h EX_CONFIG: a restart would not help. */
const EXIT_CONFIG = 78;

function logError(error: unknown): void {
  console.error(`mcpgw-server: ${error instanceof Error ? error.message : String(error)}`);
}

function exitWith(code: number, error: unknown): never {
  logError(error);
  process.exit(code);
}

function readArguments() {
  try {
    const { values } = parseArgs({ options: { stdio: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    const settings = readSettings(process.env);
    if (values.stdio === true && values.help !== true && settings.key === undefined)
      throw new Error('MCPGW_KEY is not set; --stdio requires the API key of an agent with a role (mgw_…)');
    if (values.stdio !== true && values.help !== true && settings.socket === undefined)
      throw new Error('MCPGW_SERVER_SOCKET is not set; set it to the path of a unix socket, or use --stdio');
    return { values, settings };
  } catch (thrown) {
    return exitWith(EXIT_CONFIG, thrown);
  }
}

/** Serves the client at stdin and stdout; stdout carries the protocol, so logs go to stderr. */
function serveClient(access: RegistryAccess): void {
  const stdio = serveStdio(() => createServer(access, logError), { onerror: logError });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stdio.close().finally(() => process.exit(0)));
}

/** If no program may be registered, the bridge runs in this process (docs/bridge.md). */
async function startBridgeInside() {
  if ((process.env['BRIDGE_SOCKET'] ?? '') === '') return undefined;
  return startBridge(readBridgeSettings(process.env), logError).catch((thrown: unknown) => exitWith(1, thrown));
}

process.umask(0o077);
const { values, settings } = readArguments();
if (values.help === true) console.log(USAGE);
else if (values.stdio === true) {
  const access = { url: settings.registryUrl, key: settings.key };
  const refusal = await checkKey(access);
  if (refusal === null) serveClient(access);
  else {
    logError(refusal);
    rejectStdio(refusal, process);
  }
} else {
  const { socket = '' } = settings;
  const server = await serveHttp({ ...settings, at: { path: socket }, report: logError }).catch((thrown: unknown) => {
    const { code } = thrown as { code?: string };
    if (code !== 'EADDRINUSE') return exitWith(1, thrown);
    return exitWith(
      1,
      new Error(`${socket} exists; stop the program that listens there, remove it, or set MCPGW_SERVER_SOCKET`),
    );
  });
  console.log(`mcpgw-server: ready at ${server.url}`);
  const bridge = await startBridgeInside();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void Promise.all([server.close(), bridge?.close()]).finally(() => process.exit(0)));
}
