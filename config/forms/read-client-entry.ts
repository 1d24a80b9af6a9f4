import { isRecord } from '@mcpgw/registry/contract';
import { splitCommand } from './split-command.ts';

type Fields = Record<string, unknown>;

/** A server from the file of a client or another gateway, in our format; or the reason why it cannot be one. */
export type ClientServer = { server: Fields; ignored: string[] } | { reason: string };

const CONTAINER = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** Our fields, each with the names that clients use for it. */
const NAMES = {
  url: ['url', 'serverUrl', 'httpUrl', 'http_url', 'streamable_http'],
  transport: ['type', 'transport', 'transportType'],
  headers: ['headers', 'http_headers', 'requestHeaders'],
  command: ['command'],
} as const;
const KNOWN = new Set<string>([
  ...Object.values(NAMES).flat(),
  ...['args', 'env', 'cwd', 'container', 'description', 'name', 'enabled', 'disabled', 'tags', 'timeout'],
  ...['bearer_token_env_var', 'env_http_headers', 'startup_timeout_sec', 'tool_timeout_sec'],
]);

function pick(entry: Fields, names: readonly string[]): unknown {
  return names.map((name) => entry[name]).find((value) => value !== undefined && value !== null);
}

/** Whether a value is a server entry: it has a URL, a command or a container. */
export function isServerEntry(value: unknown): value is Fields {
  return isRecord(value) && [...NAMES.url, ...NAMES.command, 'container'].some((name) => value[name] !== undefined);
}

function chooseTransport(written: unknown, url: string): 'auto' | 'sse' | 'streamable-http' {
  const word = typeof written === 'string' ? written.toLowerCase().replaceAll(/[^a-z]/g, '') : '';
  if (word === 'streamablehttp') return 'streamable-http';
  // Some clients write "sse" for a Streamable HTTP endpoint that responds with streams: the probe detects it.
  const path = URL.parse(url)?.pathname ?? '';
  return word === 'sse' && !/\/mcp\/?$/.test(path) ? 'sse' : 'auto';
}

/** Headers of an entry; `unset` lists the variables that it names and that are not set. */
function readHeaders(entry: Fields, variable: (name: string) => string | undefined) {
  const headers: Fields = { ...(pick(entry, NAMES.headers) as Fields | undefined) };
  const unset: string[] = [];
  const read = (name: string): string => {
    const value = variable(name) ?? '';
    if (value === '') unset.push(name);
    return value;
  };
  const bearer = entry['bearer_token_env_var'];
  if (typeof bearer === 'string' && bearer.trim() !== '') headers['Authorization'] = `Bearer ${read(bearer.trim())}`;
  for (const [name, from] of Object.entries((entry['env_http_headers'] as Fields | undefined) ?? {}))
    headers[name] = read(String(from));
  return { headers, unset };
}

/** The program of an entry and its arguments. Null: it has none. */
function readProgram(entry: Fields): { command: string; args: unknown } | { reason: string } | null {
  const { container, args } = entry;
  if (container !== undefined) {
    if (typeof container !== 'string' || !CONTAINER.test(container))
      return { reason: 'the name of the container has characters that Docker does not allow' };
    // Without args: the standard streams of the container's main process; with args: a new process in it.
    return Array.isArray(args) && args.length > 0
      ? { command: 'docker', args: ['exec', '-i', container, ...(args as unknown[])] }
      : { command: 'docker', args: ['attach', '--sig-proxy=false', container] };
  }
  const written = isRecord(entry['command']) ? entry['command']['path'] : entry['command'];
  if (typeof written !== 'string') return null;
  if (isRecord(entry['command'])) return { command: written, args: entry['command']['args'] ?? [] };
  if (Array.isArray(args) || !/\s/.test(written.trim())) return { command: written.trim(), args: args ?? [] };
  const words = splitCommand(written);
  const [command, ...rest] = words ?? [];
  return command === undefined
    ? { reason: 'its command needs a shell, and none is started; write the program as "command" and "args"' }
    : { command, args: rest };
}

function readOptions(entry: Fields): Fields {
  const start = entry['startup_timeout_sec'];
  const call = entry['tool_timeout_sec'];
  const process = {
    ...(typeof start === 'number' && { startTimeoutS: Math.ceil(start) }),
    ...(typeof call === 'number' && { callTimeoutS: Math.ceil(call) }),
  };
  return Object.keys(process).length > 0 ? { process } : {};
}

/**
 * Reads an entry of `mcpServers` (Claude Desktop and Code, Cursor, Windsurf, …), `servers` (VS Code), `mcp_servers` (Codex), `context_servers` (Zed) or
 * `backends`. `variable` reads the variables that the entry names without a `${...}` reference.
 */
export function readClientEntry(entry: Fields, variable: (name: string) => string | undefined): ClientServer {
  const url = pick(entry, NAMES.url);
  const program = readProgram(entry);
  if (program !== null && 'reason' in program) return program;
  const isOff = entry['disabled'] === true || entry['enabled'] === false;
  const common = {
    ...(entry['description'] !== undefined && { description: entry['description'] }),
    ...(entry['tags'] !== undefined && { tags: entry['tags'] }),
    ...(isOff && { enabled: false }),
  };
  const ignored = Object.keys(entry).filter((name) => !KNOWN.has(name));
  if (typeof url === 'string') {
    const { headers, unset } = readHeaders(entry, variable);
    if (unset.length > 0) return { reason: `it needs a secret from the environment: set ${unset.join(', ')}` };
    const transport = chooseTransport(pick(entry, NAMES.transport), url);
    const more = { ...(Object.keys(headers).length > 0 && { headers }), ...(transport !== 'auto' && { transport }) };
    return { server: { ...common, url, ...more }, ignored };
  }
  if (program === null) return { reason: 'it has neither a URL nor a command' };
  const env = isRecord(entry['command']) ? (entry['command']['env'] ?? entry['env']) : entry['env'];
  const { cwd } = entry;
  const more = { ...(env !== undefined && { env }), ...(cwd !== undefined && { cwd }), ...readOptions(entry) };
  return { server: { ...common, ...program, ...more }, ignored };
}
