import type { Command } from 'commander';
import { serverChange, type Confinement } from '@mcpgw/registry/contract';
import { withProgress } from '../../output/index.ts';
import { usageError } from '../../program/cli-error.ts';
import { collectWhole } from '../../program/collect.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { readPath } from './server-path.ts';
import { showChange } from './show-change.ts';

export interface ConfinementOptions {
  network?: boolean;
  writesAnywhere?: boolean;
  writable?: string[];
  readable?: string[];
  hidden?: string[];
}

/** Adds the options that say what a confined program may all the same. */
export function addConfinementOptions(command: Command): Command {
  return command
    .option('--network', 'confined: with the network of the gateway')
    .option('--writes-anywhere', 'confined: writes wherever the user of the gateway may')
    .option('--writable <path>', 'confined: a file or folder that it may write; may be repeated', collectWhole)
    .option('--readable <path>', 'confined: one that it sees, of what is hidden by default', collectWhole)
    .option('--hidden <path>', 'confined: one that it does not see', collectWhole);
}

/** The confinement that options describe; undefined: they say nothing of it. */
export function readConfinement(options: ConfinementOptions): Partial<Confinement> | undefined {
  const { network, writesAnywhere, writable, readable, hidden } = options;
  const described: Partial<Confinement> = {
    ...(network === true && { network }),
    ...(writesAnywhere === true && { readOnly: false }),
    ...(writable !== undefined && { writable }),
    ...(readable !== undefined && { readable }),
    ...(hidden !== undefined && { hidden }),
  };
  return Object.keys(described).length === 0 ? undefined : described;
}

/** What a program is kept from, in a line. */
export function showConfinement(confinement: Confinement | null): string {
  if (confinement === null) return 'none: it may what the user of the gateway may';
  const { network, readOnly, readable, writable, hidden } = confinement;
  const listed = (what: string, paths: string[]) => (paths.length === 0 ? [] : [`${what} ${paths.join(' ')}`]);
  return [
    network ? 'network' : 'no network',
    readOnly ? 'read-only' : 'writes anywhere',
    ...listed('writable', writable),
    ...listed('readable', readable),
    ...listed('hidden', hidden),
  ].join('; ');
}

async function confine(
  context: Context,
  options: ConfinementOptions & { off?: boolean; wait: boolean },
  written: string,
): Promise<void> {
  const path = readPath(written);
  const described = readConfinement(options);
  if (options.off === true && described !== undefined)
    throw usageError('--off ends the confinement; leave the other options out');
  // All that is not named is closed, so that the command says the whole of it.
  const closed = { network: false, readOnly: true, readable: [], writable: [], hidden: [] };
  const body = { confinement: options.off === true ? null : { ...closed, ...described } };
  const api = await context.api();
  const change = await withProgress(`Confining ${path}`, () =>
    api.ask({
      ...{ method: 'PATCH', path: ['api', 'servers', path], query: { wait: options.wait } },
      ...{ body, answer: serverChange },
    }),
  );
  showChange(context.output, change, options.off === true ? 'is not confined any more' : 'confined');
}

/** `mcpgw servers confine` */
export function addServersConfine(servers: Command): void {
  const command = servers
    .command('confine')
    .summary('say what a program is kept from')
    .description(
      'Confines a program with bubblewrap: without options it has no network, sees no data of the gateway, no other processes and no home folders, and writes in its own folder and /tmp alone. The options replace what was set before. Administrators only.',
    )
    .argument('<path>', 'path of the server');
  addConfinementOptions(command)
    .option('--off', 'confine it no more')
    .option('--no-wait', 'do not wait until NGINX serves the change')
    .action(
      action((context, options: ConfinementOptions & { off?: boolean; wait: boolean }, path: string) =>
        confine(context, options, path),
      ),
    );
  addExamples(
    command,
    ['mcpgw servers confine files --writable /srv/files', 'no network, one folder that it may write'],
    ['mcpgw servers confine files --off', 'not any more'],
  );
}
