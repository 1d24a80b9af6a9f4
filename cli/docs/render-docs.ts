import type { Command } from 'commander';
import { describeSurroundings } from '../program/create-program.ts';
import { examplesOf } from '../program/examples.ts';
import { listCommands } from './list-commands.ts';

const INTRODUCTION = `# The command line

\`mcpgw\` runs a gateway on this machine and manages one anywhere. In a clone: \`npx mcpgw …\`, once \`scripts/start.sh\` or \`npm ci\` has installed the packages.

Results go to stdout, all else to stderr. \`--json\` prints what the API answered, for programs: lists as one array, \`calls tail\` as one object a line, errors as \`{"error": …}\`. Characters of foreign texts that
a terminal would obey or not show are written out (\`\\u{…}\`, in JSON \`\\u…\`). Colours are for terminals only.

\`mcpgw login\` keeps a session, never the password, in \`$XDG_CONFIG_HOME/mcpgw/logins.json\` (0600), one for each gateway. Who asks the API: \`--key-file\`, else the login, else \`MCPGW_KEY\`. \`mcpgw call\` always
uses a key, as agents do.

This page is written by \`npm run docs:cli\` from the command's own help.`;

const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
    .replace(/[<>*]/g, (sign) => `\\${sign}`);

function renderTable(head: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  return [
    `| ${head[0]} | ${head[1]} |`,
    '| --- | --- |',
    ...rows.map(([name, text]) => `| \`${name.replaceAll('|', '\\|')}\` | ${cell(text)} |`),
  ].join('\n');
}

function renderOptions(command: Command): string[] {
  const help = command.createHelp();
  const rows = [
    ...help.visibleArguments(command).map((one) => [help.argumentTerm(one), help.argumentDescription(one)] as const),
    ...command.options
      .filter(({ hidden }) => !hidden)
      .map((one) => [help.optionTerm(one), help.optionDescription(one)] as const),
  ];
  return rows.length === 0 ? [] : [renderTable(['argument or option', 'meaning'], rows)];
}

function renderCommand(name: string, command: Command): string[] {
  const examples = examplesOf(command);
  const usage = `${name} ${command.usage()}`.replace('[options] [command]', '<command>').trim();
  return [
    `${'#'.repeat(name.split(' ').length)} ${name}`,
    command.description(),
    ...(command.commands.length > 0 ? [] : [`\`\`\`text\n${usage}\n\`\`\``]),
    ...renderOptions(command),
    ...(examples.length === 0
      ? []
      : [`\`\`\`sh\n${examples.map(([line, what]) => `# ${what}\n${line}`).join('\n')}\n\`\`\``]),
  ];
}

/** docs/cli.md, as Markdown before Prettier. */
export function renderDocs(program: Command): string {
  const [root, ...commands] = listCommands(program);
  if (root === undefined) return '';
  const surroundings = describeSurroundings().map(
    ({ title, rows }) => `## ${title}\n\n${renderTable([title.toLowerCase().replace(/s$/, ''), 'meaning'], rows)}`,
  );
  const options = `## Options of every command\n\n${renderOptions(program).join('\n')}`;
  return `${[INTRODUCTION, options, ...surroundings, ...commands.flatMap(({ name, command }) => renderCommand(name, command))].join('\n\n')}\n`;
}
