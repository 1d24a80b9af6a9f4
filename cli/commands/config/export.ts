import { Option, type Command } from 'commander';
import { configExport } from '@mcpgw/registry/contract';
import { readNamed, writeText } from '../../files/index.ts';
import { usageError } from '../../program/cli-error.ts';
import { action } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';

interface Options {
  out?: string;
  secrets: 'sealed' | 'omitted';
  passphraseFile?: string;
}

/** The passphrase in a file, or in MCPGW_PASSPHRASE: on the command line other users would see it. */
export function readPassphrase(file: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  return file === undefined ? env['MCPGW_PASSPHRASE'] : readNamed(file).replace(/\r?\n$/, '');
}

/** `mcpgw config export` */
export function addConfigExport(config: Command): void {
  const command = config
    .command('export')
    .summary('write the whole state of the gateway')
    .description(
      'Writes servers, groups, agents with the hashes of their keys, users, kill switches, tool locks, what is recorded about calls, and changed settings as one JSON document. Secrets are left out, or sealed with a passphrase.',
    )
    .option('-o, --out <file>', 'write it to this file (0600) instead of stdout')
    .addOption(
      new Option('--secrets <how>', 'how secrets are exported').choices(['sealed', 'omitted']).default('omitted'),
    )
    .option('--passphrase-file <file>', 'file with the passphrase; else MCPGW_PASSPHRASE')
    .action(
      action(async ({ api, env, output }, { out, secrets, passphraseFile }: Options) => {
        const passphrase = secrets === 'sealed' ? readPassphrase(passphraseFile, env) : undefined;
        if (secrets === 'sealed' && passphrase === undefined)
          throw usageError('sealed secrets need a passphrase', 'Set MCPGW_PASSPHRASE, or use --passphrase-file.');
        const body = { secrets, ...(passphrase !== undefined && { passphrase }) };
        const request = { method: 'POST', path: ['api', 'config', 'export'], body, response: configExport } as const;
        const document = await (await api()).request(request);
        const text = `${JSON.stringify(document, null, 2)}\n`;
        if (out === undefined) process.stdout.write(text);
        else {
          writeText(out, text, { secret: true });
          output.note(`Written to ${out}; secrets are ${secrets}.`);
        }
      }),
    );
  addExamples(
    command,
    ['mcpgw config export --out state.json', 'without secrets'],
    ['mcpgw config export --secrets sealed --passphrase-file pass.txt --out state.json', 'with sealed secrets'],
  );
}
