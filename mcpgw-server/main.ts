import { parseArgs } from 'node:util';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServer } from './mcp/create-server.ts';
import { serveHttp } from './http/serve-http.ts';
import { readSettings, USAGE } from './settings.ts';

/** sysexits.h EX_CONFIG: starting again would not help. */
const EXIT_CONFIG = 78;

function report(fault: unknown): void {
  console.error(`mcpgw-server: ${fault instanceof Error ? fault.message : String(fault)}`);
}

function giveUp(code: number, thrown: unknown): never {
  report(thrown);
  process.exit(code);
}

function read() {
  try {
    const { values } = parseArgs({ options: { stdio: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    const settings = readSettings(process.env);
    if (values.stdio === true && values.help !== true && settings.key === undefined)
      throw new Error('MCPGW_KEY is not set; --stdio needs the key of an agent with a role (mgw_…)');
    return { values, settings };
  } catch (thrown) {
    return giveUp(EXIT_CONFIG, thrown);
  }
}

const { values, settings } = read();
if (values.help === true) console.log(USAGE);
else if (values.stdio === true) {
  // stdout belongs to the protocol; console.error goes to stderr.
  const stdio = serveStdio(() => createServer({ url: settings.registryUrl, key: settings.key }, report), {
    onerror: report,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stdio.close().finally(() => process.exit(0)));
} else {
  const server = await serveHttp({ ...settings, report }).catch((thrown: unknown) => {
    const { code } = thrown as { code?: string };
    if (code !== 'EADDRINUSE') return giveUp(1, thrown);
    return giveUp(1, new Error(`port ${settings.port} is taken; set MCPGW_SERVER_PORT to a free one`));
  });
  console.log(`mcpgw-server: ready at ${server.url}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void server.close().finally(() => process.exit(0)));
}
