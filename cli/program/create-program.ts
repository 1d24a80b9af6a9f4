import { Command } from 'commander';
import {
  addAgentCommands,
  addGrantCommands,
  addGroupCommands,
  addKeyCommands,
  addKillCommands,
} from '../commands/access/index.ts';
import { addAuditCommands, addCallsCommands } from '../commands/activity/index.ts';
import { addCompletionCommands } from '../commands/completion/index.ts';
import { addConnectCommand } from '../commands/connect/index.ts';
import { addDoctorCommand } from '../commands/doctor/index.ts';
import { addDataCommands, addLogsCommand, addOpenCommand, addStartCommands } from '../commands/local/index.ts';
import { addConfigCommands } from '../commands/config/index.ts';
import { addServerCommands } from '../commands/servers/index.ts';
import { addLoginCommands, addStatusCommand } from '../commands/session/index.ts';
import { paint } from '../output/index.ts';
import { VERSION } from '../version.ts';
import { addExamples } from './examples.ts';
import { EXIT_MEANINGS } from './exit-codes.ts';

const ENVIRONMENT = [
  ['MCPGW_URL', 'the gateway: https://gateway.example.com'],
  ['MCPGW_KEY', 'key of an agent, for calls, and for everything else if nobody is signed in'],
  ['MCPGW_PASSWORD', 'password for "mcpgw login"'],
  ['MCPGW_PASSPHRASE', 'passphrase of sealed secrets, for "mcpgw config export" and "import"'],
  ['NO_COLOR', 'if set, no colours'],
] as const;

/** The last sections of the help of the whole command. */
export function describeSurroundings(): { title: string; rows: readonly (readonly [string, string])[] }[] {
  return [
    { title: 'Environment', rows: ENVIRONMENT },
    { title: 'Exit codes', rows: EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning] as const) },
  ];
}

/** Creates the whole command line: each command adds itself. */
export function createProgram(): Command {
  const program = new Command('mcpgw');
  program
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows the usage)')
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (text) => paint('bold', text),
      subcommandTerm: (command) => command.name() + (command.alias() ? `|${command.alias()}` : ''),
    })
    .helpCommand(false)
    .helpOption('-h, --help', 'show this help')
    .version(VERSION, '-V, --version', 'show the version of this command')
    .description('Runs, inspects and changes a gateway for MCP servers, and calls tools through it.')
    .option('--url <url>', 'the gateway; else MCPGW_URL, the last login, or http://localhost:8080')
    .option('--key-file <file>', 'file with the key of an agent, "-" for stdin; else the login, or MCPGW_KEY')
    .option('--json', 'print JSON for programs')
    .option('--no-color', 'no colours; as NO_COLOR in the environment');
  addStartCommands(program);
  addStatusCommand(program);
  addDoctorCommand(program);
  addServerCommands(program);
  addAgentCommands(program);
  addKeyCommands(program);
  addGrantCommands(program);
  addGroupCommands(program);
  addCallsCommands(program);
  addAuditCommands(program);
  addKillCommands(program);
  addDataCommands(program);
  addLogsCommand(program);
  addOpenCommand(program);
  addConnectCommand(program);
  addConfigCommands(program);
  addLoginCommands(program);
  addCompletionCommands(program);
  addExamples(
    program,
    ['mcpgw start --demo', 'start a gateway with a demo server'],
    ['mcpgw login', 'sign in'],
    ['mcpgw status', 'show its state'],
    ['mcpgw servers add weather http://localhost:8000/mcp', 'register a server'],
    ['mcpgw call weather forecast city=Bern', 'call a tool'],
  );
  // Every command has `--help`; a command of that name would be in each list too.
  for (const group of program.commands) group.helpCommand(false);
  program.addHelpText('after', () =>
    describeSurroundings()
      .map(({ title, rows }) => {
        const width = Math.max(...rows.map(([name]) => name.length));
        return `\n${paint('bold', `${title}:`)}\n${rows.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`).join('\n')}`;
      })
      .join('\n'),
  );
  return program;
}
