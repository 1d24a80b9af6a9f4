/** One client on npm and how it is tested. */
export interface TriedClient {
  /** As the connect snippets name it. */
  client: string;
  /** Packages to install. */
  packages: string[];
  /** File for the snippet, below the home folder; absent: it is a command line. `.mjs`: it is a program. */
  file?: string;
  /** Command to run after the snippet is written. Absent: only the snippet is run. */
  command?: string;
  /** Matches the output if the client reached the server at this path. */
  reached: (path: string) => RegExp;
  /** What the test shows, for the report. */
  shows: string;
}

const CONNECTED = (path: string) => new RegExp(`${path}.*connected`, 'i');
/** A tool of the server at this path. */
const TOOLS = (path: string) => (path === 'everything' ? /test_simple_text/ : /(^|[^a-z])say\b/);

export const TRIED_CLIENTS: TriedClient[] = [
  {
    client: 'claude-code',
    packages: ['@anthropic-ai/claude-code'],
    command: 'claude mcp list',
    reached: CONNECTED,
    shows: '`claude mcp add`, then `claude mcp list` reports connected',
  },
  {
    client: 'codex-add',
    packages: ['@openai/codex'],
    command: 'codex mcp list --json',
    reached: (path) => new RegExp(`"name": "${path}"[^]*"enabled": true`),
    shows: '`codex mcp add` is accepted, `codex mcp list` shows it enabled (it connects in a session only)',
  },
  {
    client: 'codex',
    packages: ['@openai/codex'],
    file: '.codex/config.toml',
    command: 'codex mcp list --json',
    reached: (path) => new RegExp(`"name": "${path}"[^]*"enabled": true`),
    shows: 'the file is accepted, `codex mcp list` shows it enabled (it connects in a session only)',
  },
  {
    client: 'gemini-cli',
    packages: ['@google/gemini-cli'],
    file: '.gemini/settings.json',
    command: 'gemini mcp list',
    reached: CONNECTED,
    shows: '`gemini mcp list` reports connected',
  },
  {
    client: 'qwen-code',
    packages: ['@qwen-code/qwen-code'],
    file: '.qwen/settings.json',
    command: 'qwen mcp list',
    reached: CONNECTED,
    shows: '`qwen mcp list` reports connected',
  },
  {
    client: 'copilot-cli',
    packages: ['@github/copilot'],
    file: '.copilot/mcp-config.json',
    command: 'copilot mcp list',
    reached: (path) => new RegExp(path),
    shows: 'the file is accepted, `copilot mcp list` shows it (it connects in a session only)',
  },
  {
    client: 'opencode',
    packages: ['opencode-ai'],
    file: '.config/opencode/opencode.json',
    command: 'opencode mcp list',
    reached: CONNECTED,
    shows: '`opencode mcp list` reports connected',
  },
  {
    client: 'mcporter',
    packages: ['mcporter'],
    file: '.mcporter/mcporter.json',
    command: 'mcporter list PATH --schema',
    reached: TOOLS,
    shows: '`mcporter list` shows the tools',
  },
  {
    client: 'inspector',
    packages: ['@modelcontextprotocol/inspector'],
    reached: TOOLS,
    shows: 'its CLI lists the tools',
  },
  {
    client: 'langchain',
    packages: ['@langchain/mcp-adapters', '@langchain/core'],
    file: 'program.mjs',
    command: 'node program.mjs',
    reached: TOOLS,
    shows: 'the program lists the tools',
  },
  {
    client: 'openai-agents',
    packages: ['@openai/agents', 'zod'],
    file: 'program.mjs',
    command: 'node program.mjs',
    reached: TOOLS,
    shows: 'the program lists the tools',
  },
  {
    client: 'mastra',
    packages: ['@mastra/mcp', '@mastra/core', 'zod', 'mcp-remote'],
    file: 'program.mjs',
    command: 'node program.mjs',
    reached: TOOLS,
    shows: 'the program lists the tools',
  },
];
