import { FOREIGN_LISTS, isServerEntry, readClientServer, splitCommand } from '@mcpgw/config/client-forms';
import { isRecord } from '@mcpgw/registry/contract';
import { suggestPath } from './suggest-path.ts';

/** One pasted server, ready to be registered, or the reason why it cannot be. */
export interface PastedServer {
  /** Its name in the pasted text. */
  name: string;
  path: string;
  /** The body of the request that registers it, without the path; null with a reason. */
  server: Record<string, unknown> | null;
  reason: string;
}
export type Pasted =
  { kind: 'url' } | { kind: 'servers'; servers: PastedServer[] } | { kind: 'broken'; reason: string };

type Fields = Record<string, unknown>;
const LISTS = [...FOREIGN_LISTS, 'servers', 'mcp'];

/** The entries of a block: below a name that clients use, bare, or a single one. */
function listEntries(root: Fields): [name: string, entry: Fields][] {
  if (isServerEntry(root)) return [['', root]];
  for (const name of LISTS) if (isRecord(root[name])) return listEntries(root[name]);
  return Object.entries(root).filter((entry): entry is [string, Fields] => isRecord(entry[1]));
}

function toPasted(name: string, entry: Fields, taken: Set<string>): PastedServer {
  const url = typeof entry['url'] === 'string' ? entry['url'] : '';
  const command = typeof entry['command'] === 'string' ? entry['command'] : '';
  const displayName = name || suggestPath(url, nameOfCommand([command, ...asWords(entry['args'])]), taken) || 'server';
  const read = readClientServer(displayName, entry);
  if ('reason' in read) return { name: displayName, path: '', server: null, reason: read.reason };
  const path = taken.has(read.path) ? suggestPath('', read.path, taken) : read.path;
  taken.add(path);
  return { name: displayName, path, server: read.server, reason: '' };
}

const asWords = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
/** The best guess at what a command runs: the package of `npx -y @scope/server-x` or the program. */
function nameOfCommand(words: readonly string[]): string | null {
  const [program = '', ...rest] = words;
  const isRunner = /^(npx|uvx|bunx|pnpm|node|python3?|uv|docker|deno)$/.test(program.split('/').at(-1) ?? '');
  const named = isRunner ? rest.find((word) => !word.startsWith('-') && !/^(run|exec|dlx|tool)$/.test(word)) : program;
  return named === undefined || named === ''
    ? null
    : named
        .replace(/^.*\//, '')
        .replace(/^(mcp-)?server-(?=.)/, '')
        .replace(/@[\d.^~]+$|@latest$/, '')
        .replace(/\.[jt]s$|\.py$/, '');
}

/** A REST API by its OpenAPI description. */
function toApi(openapi: Fields, title: string | null, url: string, taken: ReadonlySet<string>): Pasted {
  const path = suggestPath(url === '' ? '' : new URL(url).origin, title, taken) || 'api';
  return { kind: 'servers', servers: [{ name: title ?? path, path, server: { openapi }, reason: '' }] };
}

const titleOf = ({ info }: Fields): string | null => {
  const title = isRecord(info) ? info['title'] : undefined;
  return typeof title === 'string' && title.trim() !== '' ? title.trim() : null;
};

/** Parses text pasted into the URL field: a URL, a block of servers as clients write it, a command line, or an OpenAPI description or its URL. `taken` are the paths in use. */
export function readPasted(text: string, taken: ReadonlySet<string>): Pasted {
  const trimmed = text.trim();
  if (trimmed.startsWith('{') || /^"[^"]+"\s*:\s*\{/.test(trimmed)) {
    let root: unknown;
    try {
      root = JSON.parse(trimmed.startsWith('{') ? trimmed : `{${trimmed.replace(/,\s*$/, '')}}`);
    } catch (error) {
      return {
        kind: 'broken',
        reason: `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
    if (isRecord(root) && typeof root['openapi'] === 'string')
      return toApi({ document: trimmed }, titleOf(root), '', taken);
    const used = new Set(taken);
    const servers = isRecord(root) ? listEntries(root).map(([name, entry]) => toPasted(name, entry, used)) : [];
    return servers.length === 0
      ? {
          kind: 'broken',
          reason: 'It contains no server: expected {"mcpServers": {"name": {"url": …} or {"command": …}}}',
        }
      : { kind: 'servers', servers };
  }
  // Common file names of descriptions: openapi.json, v3/openapi.yaml, petstore.openapi.json.
  if (/^https?:\/\/[^\s?#]+\bopenapi[\w.-]*\.(json|ya?ml)(\?\S*)?$/i.test(trimmed))
    return toApi({ url: trimmed }, null, trimmed, taken);
  // A command line has words; a URL has none.
  if (!/\s/.test(trimmed) || /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) return { kind: 'url' };
  const words = splitCommand(trimmed);
  if (words === null)
    return {
      kind: 'broken',
      reason: 'This command needs a shell, which is not started. Enter one program and its arguments.',
    };
  const [command = '', ...args] = words;
  return { kind: 'servers', servers: [toPasted('', { command, args }, new Set(taken))] };
}
