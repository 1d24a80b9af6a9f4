import { FOREIGN_LISTS, isServerEntry, readClientServer, splitCommand } from '@mcpgw/config/client-forms';
import { isRecord } from '@mcpgw/registry/contract';
import { suggestPath } from './suggest-path.ts';

/** One server of what was pasted, ready to be registered; or why it cannot be. */
export interface PastedServer {
  /** As it is called there. */
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
  const called = name || suggestPath(url, nameOfCommand([command, ...asWords(entry['args'])]), taken) || 'server';
  const read = readClientServer(called, entry);
  if ('reason' in read) return { name: called, path: '', server: null, reason: read.reason };
  const path = taken.has(read.path) ? suggestPath('', read.path, taken) : read.path;
  taken.add(path);
  return { name: called, path, server: read.server, reason: '' };
}

const asWords = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
/** What a command runs, as far as it can be guessed: the package of `npx -y @scope/server-x` or the program. */
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

/** What somebody pasted where a URL is asked for: a URL, a block of servers as clients write it, a command line, or an OpenAPI description or its URL. `taken` are the paths in use. */
export function readPasted(text: string, taken: ReadonlySet<string>): Pasted {
  const written = text.trim();
  if (written.startsWith('{') || /^"[^"]+"\s*:\s*\{/.test(written)) {
    let root: unknown;
    try {
      root = JSON.parse(written.startsWith('{') ? written : `{${written.replace(/,\s*$/, '')}}`);
    } catch (error) {
      return { kind: 'broken', reason: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
    if (isRecord(root) && typeof root['openapi'] === 'string')
      return toApi({ document: written }, titleOf(root), '', taken);
    const used = new Set(taken);
    const servers = isRecord(root) ? listEntries(root).map(([name, entry]) => toPasted(name, entry, used)) : [];
    return servers.length === 0
      ? {
          kind: 'broken',
          reason: 'No server is in it: expected {"mcpServers": {"name": {"url": …} or {"command": …}}}',
        }
      : { kind: 'servers', servers };
  }
  // As descriptions are called everywhere: openapi.json, v3/openapi.yaml, petstore.openapi.json.
  if (/^https?:\/\/[^\s?#]+\bopenapi[\w.-]*\.(json|ya?ml)(\?\S*)?$/i.test(written))
    return toApi({ url: written }, null, written, taken);
  // A command line has words; a URL has none.
  if (!/\s/.test(written) || /^[a-z][a-z0-9+.-]*:\/\//i.test(written)) return { kind: 'url' };
  const words = splitCommand(written);
  if (words === null)
    return {
      kind: 'broken',
      reason: 'This command needs a shell, and none is started. Give one program and its arguments.',
    };
  const [command = '', ...args] = words;
  return { kind: 'servers', servers: [toPasted('', { command, args }, new Set(taken))] };
}
