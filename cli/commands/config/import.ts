import type { Command } from 'commander';
import { configImported, serverView, type ConfigExport, type ConfigPlan } from '@mcpgw/registry/contract';
import { listAll, type Api } from '../../api/index.ts';
import { readNamed } from '../../files/index.ts';
import { withProgress } from '../../output/index.ts';
import { confirm } from '../../program/confirm.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { readPassphrase } from './export.ts';
import { readConfig } from './read-config.ts';
import { showPlan, summarise } from './show-plan.ts';

interface Options {
  replace?: boolean;
  yes?: boolean;
  passphraseFile?: string;
}

type Skipped = ConfigPlan['skipped'];
type ClientDocument = Omit<ConfigExport, 'servers'> & { servers: Record<string, object> };

/** Reads an export of a gateway; null if the file is that of a client. */
function readExport(text: string): object | null {
  try {
    const parsed = JSON.parse(text) as { export?: unknown };
    return typeof parsed === 'object' && parsed.export !== undefined ? parsed : null;
  } catch {
    return null;
  }
}

/** Converts the servers of a client's file to an export that adds them; those that point to this gateway are left out. */
function readClientFile(
  file: string,
  env: NodeJS.ProcessEnv,
  gatewayUrl: string,
): { document: ClientDocument; skipped: Skipped } {
  const { document, skipped } = readConfig(file, env, true);
  const { host } = new URL(gatewayUrl);
  const remaining = Object.entries(document.servers).filter(([name, server]) => {
    const isSelf = URL.parse((server as { url?: string }).url ?? '')?.host === host;
    if (isSelf) skipped.push({ name, reason: 'it is a server of this gateway already' });
    return !isSelf;
  });
  const state: ClientDocument = {
    ...{ settings: {}, groups: {}, agents: {}, users: {}, kills: [], recordings: {}, toolLocks: {} },
    servers: Object.fromEntries(remaining),
    export: { version: 1, secrets: 'omitted', omitted: [] },
  };
  return { document: state, skipped };
}

/** Leaves out servers that are registered already: a client's file only adds servers. */
async function withoutKnown(api: Api, document: ClientDocument, skipped: Skipped): Promise<ClientDocument> {
  const known = new Set((await listAll(api, ['api', 'servers'], serverView)).map(({ path }) => path));
  const isNew = ([name]: [string, object]) => {
    if (known.has(name)) skipped.push({ name, reason: 'a server is registered at this path already' });
    return !known.has(name);
  };
  return { ...document, servers: Object.fromEntries(Object.entries(document.servers).filter(isNew)) };
}

async function importFile(context: Context, options: Options, file: string): Promise<void> {
  const { env, output } = context;
  const api = await context.api();
  const state = readExport(readNamed(file));
  const skipped: Skipped = [];
  let document: object | null = state;
  if (document === null) {
    const read = readClientFile(file, env, api.url);
    skipped.push(...read.skipped);
    document = await withoutKnown(api, read.document, skipped);
  }
  const passphrase = readPassphrase(options.passphraseFile, env);
  const body = {
    document,
    ...(state !== null && passphrase !== undefined && { passphrase }),
    replace: state !== null && options.replace === true,
  };
  const request = { method: 'POST', path: ['api', 'config', 'import'], response: configImported } as const;
  const plan = await api.request({ ...request, body: { ...body, dryRun: true } });
  plan.skipped.push(...skipped);
  if (!output.isJson) showPlan(output, plan);
  const isExport = state !== null;
  if (plan.changes.length === 0 && !isExport) {
    output.result(plan, () => undefined);
    return;
  }
  await confirm('Import this?', options.yes);
  const done = await withProgress('Importing', () => api.request({ ...request, body }));
  output.result({ ...done, skipped: plan.skipped }, () => {
    output.text(`Imported: ${summarise(done)}.`);
    if (done.missingSecrets.length > 0)
      output.note(`Secrets that are not in the export; enter them again: ${done.missingSecrets.join(', ')}`);
  });
}

/** `mcpgw config import` */
export function addConfigImport(config: Command): void {
  const command = config
    .command('import')
    .summary('import an export, or the file of a client')
    .description(
      'Imports what "mcpgw config export" wrote, or adds the servers of a client\'s own file: Claude Desktop and Code, VS Code, Cursor, Windsurf, Zed, Codex (TOML). Entries that cannot be imported are listed with the reason.',
    )
    .argument('<file>', 'an export, .mcp.json, claude_desktop_config.json, .vscode/mcp.json, ~/.codex/config.toml, …')
    .option('--replace', 'for an export: remove everything that is not in it, so that the gateway matches it')
    .option('--passphrase-file <file>', 'file with the passphrase of sealed secrets; else MCPGW_PASSPHRASE')
    .option('-y, --yes', 'do not ask')
    .action(action((context, options: Options, file: string) => importFile(context, options, file)));
  addExamples(
    command,
    ['mcpgw config import .mcp.json', 'the servers of Claude Code in this project'],
    ['mcpgw config import ~/.codex/config.toml --yes', 'those of Codex'],
    ['mcpgw config import state.json --replace --passphrase-file pass.txt', 'the whole state of a gateway'],
  );
}
