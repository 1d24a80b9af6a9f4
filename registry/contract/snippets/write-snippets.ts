import type { ConnectSnippet } from '../server/connect.ts';

/** Clients that a snippet can be written for, in the order in which they are offered. */
export const CONNECT_CLIENTS = [
  { client: 'claude-code', title: 'Claude Code' },
  { client: 'claude-desktop', title: 'Claude Desktop' },
  { client: 'vscode', title: 'VS Code' },
  { client: 'cursor', title: 'Cursor' },
  { client: 'codex', title: 'Codex' },
  { client: 'json', title: 'JSON' },
  { client: 'curl', title: 'curl' },
  { client: 'typescript', title: 'TypeScript' },
] as const;
export type ConnectClient = (typeof CONNECT_CLIENTS)[number]['client'];

/** What a snippet is written about: the server's path, the public URL of its endpoint, and which protocol era it speaks. */
export interface SnippetTarget {
  path: string;
  url: string;
  era?: 'legacy' | 'modern' | null;
}

/** The name that a client gives the server: its path with all but letters, digits, "_" and "-" made "-" (what Claude Code accepts). */
export function clientName(path: string): string {
  return path.replace(/[^A-Za-z0-9_-]+/g, '-');
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);
/** Quotes for a POSIX shell; double quotes where the environment variable is meant to be filled in. */
const inShell = (value: string, expand: boolean): string =>
  expand ? `"${value}"` : `'${value.replaceAll("'", `'\\''`)}'`;

function claudeCode({ path, url }: SnippetTarget, key: string | null): string {
  const header = inShell(`Authorization: Bearer ${key ?? '$MCPGW_KEY'}`, key === null);
  return `claude mcp add --transport http ${clientName(path)} ${url} \\\n  --header ${header}`;
}

/** Claude Desktop starts local processes only, so mcp-remote carries it; no space after the colon (its argument parser splits there). */
function claudeDesktop({ path, url }: SnippetTarget, key: string | null): string {
  const open = url.startsWith('http://') ? ['--allow-http'] : [];
  const args = ['-y', 'mcp-remote', url, ...open, '--header', 'Authorization:${AUTH}'];
  const env = { AUTH: `Bearer ${key ?? 'YOUR_KEY'}` };
  return pretty({ mcpServers: { [clientName(path)]: { command: 'npx', args, env } } });
}

const vscodeInput = { type: 'promptString', id: 'mcpgw-key', description: 'mcpgw key', password: true };
const vscodeServer = (url: string) => ({ type: 'http', url, headers: { Authorization: 'Bearer ${input:mcpgw-key}' } });

function vscode({ path, url }: SnippetTarget): string {
  return pretty({ servers: { [clientName(path)]: vscodeServer(url) }, inputs: [vscodeInput] });
}

function cursor({ path, url }: SnippetTarget, key: string | null): string {
  const headers = { Authorization: `Bearer ${key ?? '${env:MCPGW_KEY}'}` };
  return pretty({ mcpServers: { [clientName(path)]: { url, headers } } });
}

/** Codex refuses a key in its file; it reads it from the environment. */
function codex({ path, url }: SnippetTarget, key: string | null): string {
  const table = `[mcp_servers.${clientName(path)}]\nurl = ${JSON.stringify(url)}\nbearer_token_env_var = "MCPGW_KEY"`;
  return key === null ? table : `# in the shell that starts Codex:  export MCPGW_KEY='${key}'\n${table}`;
}

function json({ path, url }: SnippetTarget, key: string | null): string {
  const headers = { Authorization: `Bearer ${key ?? '${MCPGW_KEY}'}` };
  return pretty({ mcpServers: { [clientName(path)]: { type: 'http', url, headers } } });
}

function curl({ url, era }: SnippetTarget, key: string | null): string {
  const clientInfo = { name: 'curl', version: '1' };
  const modern = {
    method: 'tools/list',
    params: {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': clientInfo,
      },
    },
  };
  const legacy = {
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  };
  const lines = [
    `curl -sS ${url}`,
    `-H ${inShell(`Authorization: Bearer ${key ?? '$MCPGW_KEY'}`, key === null)}`,
    `-H 'Content-Type: application/json'`,
    `-H 'Accept: application/json, text/event-stream'`,
    ...(era === 'modern' ? [`-H 'MCP-Protocol-Version: 2026-07-28'`, `-H 'Mcp-Method: tools/list'`] : []),
    `-d '${JSON.stringify({ jsonrpc: '2.0', id: 1, ...(era === 'modern' ? modern : legacy) })}'`,
  ];
  return lines.join(' \\\n  ');
}

function typescript({ url }: SnippetTarget, key: string | null): string {
  const secret = key === null ? 'process.env.MCPGW_KEY' : JSON.stringify(key);
  return `import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const client = new Client(
  { name: 'my-agent', version: '1.0.0' },
  { versionNegotiation: { mode: 'auto' } },
);
await client.connect(
  new StreamableHTTPClientTransport(new URL(${JSON.stringify(url)}), {
    requestInit: { headers: { Authorization: \`Bearer \${${secret}}\` } },
  }),
);
console.log(await client.listTools());`;
}

/**
 * A link that installs the server in a client, or null where the client has none. It carries a placeholder for the key, never a key:
 * links end up in histories and logs.
 */
export function writeDeepLink(client: ConnectClient, { path, url }: SnippetTarget): string | null {
  const name = clientName(path);
  if (client === 'vscode')
    return `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, ...vscodeServer(url), inputs: [vscodeInput] }))}`;
  if (client === 'cursor') {
    const config = JSON.stringify({ url, headers: { Authorization: 'Bearer ${env:MCPGW_KEY}' } });
    const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(config)));
    return `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(name)}&config=${encodeURIComponent(base64)}`;
  }
  return null;
}

interface Writing {
  language: ConnectSnippet['language'];
  file: string | null;
  write: (target: SnippetTarget, key: string | null) => string;
}
const WRITINGS: Record<ConnectClient, Writing> = {
  'claude-code': { language: 'shell', file: null, write: claudeCode },
  'claude-desktop': { language: 'json', file: 'claude_desktop_config.json', write: claudeDesktop },
  vscode: { language: 'json', file: '.vscode/mcp.json', write: vscode },
  cursor: { language: 'json', file: '.cursor/mcp.json', write: cursor },
  codex: { language: 'toml', file: '~/.codex/config.toml', write: codex },
  json: { language: 'json', file: '.mcp.json', write: json },
  curl: { language: 'shell', file: null, write: curl },
  typescript: { language: 'typescript', file: null, write: typescript },
};

/**
 * What a person pastes into one client to use a server. Without `key` it carries the client's own placeholder (`MCPGW_KEY` in the
 * environment, or a prompt); with it, the key itself where that client takes one. Sources: the documentation of each client.
 */
export function writeSnippet(client: ConnectClient, target: SnippetTarget, key: string | null = null): ConnectSnippet {
  const { language, file, write } = WRITINGS[client];
  const title = CONNECT_CLIENTS.find((known) => known.client === client)?.title ?? client;
  return { client, title, language, file, text: write(target, key), link: writeDeepLink(client, target) };
}

/** The snippets of every client, in the order of `CONNECT_CLIENTS`. */
export function writeSnippets(target: SnippetTarget, key: string | null = null): ConnectSnippet[] {
  return CONNECT_CLIENTS.map(({ client }) => writeSnippet(client, target, key));
}
