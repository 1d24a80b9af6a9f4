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

/** Adds the options that describe the confinement of a program. */
export function addConfinementOptions(command: Command): Command {
  return command
    .option('--network', 'confined: may use the network of the gateway')
    .option('--writes-anywhere', 'confined: may write wherever the user of the gateway may')
    .option('--writable <path>', 'confined: a file or folder that it may write; may be repeated', collectWhole)
    .option('--readable <path>', 'confined: one that it may read although it is hidden by default', collectWhole)
    .option('--hidden <path>', 'confined: one that is hidden from it', collectWhole);
}

/** The confinement that the options describe; undefined: none of them is set. */
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

/** Describes a confinement in one line. */
export function showConfinement(confinement: Confinement | null): string {
  if (confinement === null) return 'none: it has all rights of the user of the gateway';
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
    throw usageError('--off ends the confinement; leave out the other options');
  // Everything that is not named is closed, so that the command describes the whole confinement.
  const closed = { network: false, readOnly: true, readable: [], writable: [], hidden: [] };
  const body = { confinement: options.off === true ? null : { ...closed, ...described } };
  const api = await context.api();
  const change = await withProgress(`Confining ${path}`, () =>
    api.request({
      ...{ method: 'PATCH', path: ['api', 'servers', path], query: { wait: options.wait } },
      ...{ body, response: serverChange },
    }),
  );
  showChange(context.output, change, options.off === true ? 'no longer confined' : 'confined');
}

/** `mcpgw servers confine` */
export function addServersConfine(servers: Command): void {
  const command = servers
    .command('confine')
    .summary('set the confinement of a program')
    .description(
      'Confines a program with bubblewrap: without options it has no network, cannot see data of the gateway, other processes or home folders, and can write only in its own folder and /tmp. The options replace those set before. Administrators only.',
    )
    .argument('<path>', 'path of the server');
  addConfinementOptions(command)
    .option('--off', 'end the confinement')
    .option('--no-wait', 'do not wait until NGINX serves the change')
    .action(
      action((context, options: ConfinementOptions & { off?: boolean; wait: boolean }, path: string) =>
        confine(context, options, path),
      ),
    );
  addExamples(
    command,
    ['mcpgw servers confine files --writable /srv/files', 'no network, one writable folder'],
    ['mcpgw servers confine files --off', 'end the confinement'],
  );
}
