import { isRecord, SETTING_NAMES } from '@mcpgw/registry/contract';
import type { DocumentPath } from '../problem.ts';

type Fields = Record<string, unknown>;

/** A server somewhere in a document. */
export interface Entry {
  path: DocumentPath;
  name: string;
  value: unknown;
  /** In the format of a client or of another gateway. */
  isForeign: boolean;
}

export interface Sections {
  servers: Entry[];
  agents: Fields;
  /** As written; undefined: absent. */
  agentLimits: unknown;
  groups: Fields;
  settings: Map<string, { path: DocumentPath; value: unknown }>;
  /** Unknown members. */
  unknown: string[];
  /** The document is in our own format, so unknown members are errors. */
  isOwn: boolean;
  notes: string[];
  problems: { path: DocumentPath; message: string }[];
}

/** The members of documents of clients and other gateways that hold servers by name, in addition to `servers`. */
export const FOREIGN_LISTS: readonly string[] = ['mcpServers', 'mcp_servers', 'context_servers', 'backends'];
const NAMES: readonly string[] = SETTING_NAMES;
const OWN = ['servers', 'agents', 'groups', 'agentLimits', 'settings', 'version'];

/** Top-level members of another gateway's YAML, mapped to our setting and its value, or to a note. */
const BACKEND_SETTINGS: Record<string, (value: unknown) => [name: string, value: unknown] | string> = {
  port: (value) => ['GATEWAY_PORT', value],
  log_level: (value) => ['LOG_LEVEL', String(value).toLowerCase().replace('warning', 'warn')],
  host: (value) => ['GATEWAY_HOST', value === 'localhost' ? '127.0.0.1' : value],
  enable_meta_mcp: (value) => ['META_MCP', value === false ? 'off' : 'on'],
};

/** An entry of `servers` as VS Code writes it has a "type", ours has none. */
const isClientEntry = (value: unknown): boolean => isRecord(value) && value['type'] !== undefined;

/** Lists the contents of a document in any format: ours, `mcpServers`, `backends`, or a client's. */
export function listEntries(root: Fields): Sections {
  const found: Sections = {
    ...{
      servers: [],
      agents: {},
      groups: {},
      agentLimits: undefined,
      settings: new Map(),
      unknown: [],
      notes: [],
      problems: [],
    },
    isOwn: OWN.some((name) => root[name] !== undefined && (name !== 'servers' || root['inputs'] === undefined)),
  };
  const members = (path: DocumentPath, value: unknown): [string, unknown][] => {
    if (value === null || value === undefined) return [];
    if (isRecord(value)) return Object.entries(value);
    found.problems.push({
      path,
      message: 'this must be an object whose members are named entries, as in {"weather": {…}}',
    });
    return [];
  };
  const addServers = (path: DocumentPath, value: unknown, isForeign: (entry: unknown) => boolean) => {
    for (const [name, entry] of members(path, value))
      found.servers.push({ path: [...path, name], name, value: entry, isForeign: isForeign(entry) });
  };
  const always = () => true;

  for (const [name, value] of Object.entries(root)) {
    if (name === 'servers') addServers(['servers'], value, isClientEntry);
    else if (FOREIGN_LISTS.includes(name)) addServers([name], value, always);
    else if (name === 'mcp' && isRecord(value) && value['servers'] !== undefined)
      addServers(['mcp', 'servers'], value['servers'], always);
    else if (name === 'projects' && isRecord(value) && root['mcpServers'] !== undefined) {
      for (const [folder, project] of Object.entries(value))
        if (isRecord(project)) addServers(['projects', folder, 'mcpServers'], project['mcpServers'], always);
    } else if (name === 'agents' || name === 'groups') found[name] = Object.fromEntries(members([name], value));
    else if (name === 'agentLimits') found.agentLimits = value;
    else if (name === 'settings')
      for (const [setting, given] of members(['settings'], value))
        found.settings.set(setting, { path: ['settings', setting], value: given });
    else if (NAMES.includes(name)) found.settings.set(name, { path: [name], value });
    else if (root['backends'] !== undefined && BACKEND_SETTINGS[name] !== undefined) {
      const read = BACKEND_SETTINGS[name](value);
      if (typeof read === 'string') found.notes.push(read);
      else found.settings.set(read[0], { path: [name], value: read[1] });
    } else if (!['$schema', 'version', 'inputs'].includes(name)) found.unknown.push(name);
  }
  return found;
}
