import { configDocument, isRecord, type ConfigInput } from '@mcpgw/registry/contract';
import { expandReferences, type References } from './expand/expand.ts';
import { listEntries, type Entry, type Sections } from './forms/list-entries.ts';
import { toServerPath } from './forms/name-path.ts';
import { readClientEntry } from './forms/read-client-entry.ts';
import { parseDocument } from './parse/parse-document.ts';
import { ConfigError, writeField, type ConfigProblem, type DocumentPath, type Position } from './problem.ts';
import { readTypes } from './read-types.ts';

export interface LoadOptions {
  /** Name of the file: determines its format and appears in errors. */
  file: string;
  text: string;
  references: References;
  /** A client's own file: entries that cannot be servers of a gateway are skipped with the reason instead of an error. */
  isImport?: boolean;
  /** Reads and validates only settings. */
  settingsOnly?: boolean;
}

/** A configuration file in our own format, references expanded. */
export interface LoadedConfig {
  document: ConfigInput & { servers: Record<string, object> };
  /** Entries that cannot be servers here, and why. */
  skipped: { name: string; reason: string }[];
  /** Notes about members that were ignored. */
  notes: string[];
  /** Files that `file:` references name: when one changes, the configuration changes too. */
  files: string[];
  /** Position in the file of a field of `document`, such as `servers.weather.url`. */
  locate(field: string): Position | null;
}

type Fields = Record<string, unknown>;
const startsWith = (path: DocumentPath, start: DocumentPath) => start.every((step, at) => path[at] === step);

interface Placed {
  servers: Record<string, object>;
  /** Paths of servers, each with the path of its entry in the document. */
  sources: Map<string, DocumentPath>;
}

interface Reading {
  options: LoadOptions;
  /** Problems of references, with their paths. */
  broken: { path: DocumentPath; message: string }[];
  problems: { path: DocumentPath; message: string }[];
  skipped: LoadedConfig['skipped'];
  notes: string[];
}

function placeServer(entry: Entry, placed: Placed, reading: Reading): void {
  const { isImport = false, references } = reading.options;
  const refuse = (message: string) => {
    if (isImport || entry.isForeign) reading.skipped.push({ name: entry.name, reason: message });
    else reading.problems.push({ path: entry.path, message });
  };
  if (!isRecord(entry.value)) {
    reading.problems.push({
      path: entry.path,
      message: 'this must be an object that describes a server, as in {"url": "http://…"}',
    });
    return;
  }
  const broken = reading.broken.filter(({ path }) => startsWith(path, entry.path));
  if (isImport && broken[0] !== undefined) {
    refuse(broken[0].message);
    return;
  }
  const path = entry.isForeign ? toServerPath(entry.name) : entry.name.replace(/^\/+|\/+$/g, '');
  if (path === null) {
    refuse('its name cannot be the path of a server');
    return;
  }
  if (placed.sources.has(path)) {
    const message = `the path "${path}" belongs to ${writeField(placed.sources.get(path) ?? [])} already`;
    // A client's file has servers per project, and several projects may use the same name.
    if (isImport) refuse(message);
    else reading.problems.push({ path: entry.path, message });
    return;
  }
  let server = entry.value;
  if (entry.isForeign) {
    const read = readClientEntry(entry.value, (name) => references.variable(name));
    if ('reason' in read) {
      refuse(read.reason);
      return;
    }
    if (read.ignored.length > 0)
      reading.notes.push(`${writeField(entry.path)}: ${read.ignored.join(', ')}: not used by a gateway`);
    server = { ...(path !== entry.name && { name: entry.name }), ...read.server };
  }
  placed.servers[path] = server;
  placed.sources.set(path, entry.path);
}

function refuseUnknown({ unknown, isOwn, notes }: Sections, reading: Reading): void {
  if (reading.options.isImport === true) return;
  for (const name of unknown) {
    // YAML anchors that are used elsewhere.
    if (name.startsWith('x-')) continue;
    if (/^[A-Z][A-Z0-9_]+$/.test(name)) {
      reading.problems.push({ path: [name], message: 'there is no setting of this name' });
      continue;
    }
    const message =
      'there is no such member; known are servers, agents, groups, agentLimits, settings, mcpServers, backends';
    if (isOwn) reading.problems.push({ path: [name], message });
    else notes.push(`${name}: not used by a gateway`);
  }
}

/** Removes entries of an import that cannot be servers of a gateway, such as a relative path to a program. Returns whether there are any. */
function skipInvalid(
  problems: readonly { path: DocumentPath; message: string }[],
  servers: Fields,
  placed: Placed,
  reading: Reading,
): boolean {
  let isAny = false;
  for (const { path, message } of problems) {
    const [section, name = '', ...field] = path;
    if (section !== 'servers' || !Object.hasOwn(servers, name)) continue;
    isAny = true;
    Reflect.deleteProperty(servers, name);
    const written = placed.sources.get(String(name))?.at(-1) ?? name;
    reading.skipped.push({ name: String(written), reason: [writeField(field), message].filter(Boolean).join(': ') });
  }
  return isAny;
}

/** Reads a configuration file. Throws ConfigError with every problem and its line. */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const { file, text, isImport = false, settingsOnly = false } = options;
  const parsed = parseDocument(file, text);
  const toProblem = (path: DocumentPath, message: string): ConfigProblem => ({
    field: writeField(path),
    message,
    ...parsed.locate(path),
  });
  // Editors may empty a file for a moment while saving; everything that it defines would be removed.
  if (parsed.value === undefined || parsed.value === null)
    throw new ConfigError(file, [toProblem([], 'the file is empty; {} is an empty configuration')]);
  const root = parsed.value;
  if (!isRecord(root))
    throw new ConfigError(file, [toProblem([], 'it must be one object, with servers, agents or settings')]);

  const expanded = expandReferences(root, options.references);
  const sections = listEntries(expanded.value as Fields);
  const reading: Reading = {
    options,
    broken: expanded.problems,
    problems: [...sections.problems],
    skipped: [],
    notes: sections.notes,
  };
  refuseUnknown(sections, reading);
  const placed: Placed = { servers: Object.create(null) as Placed['servers'], sources: new Map() };
  for (const entry of settingsOnly ? [] : sections.servers) placeServer(entry, placed, reading);

  const settings = isImport ? [] : [...sections.settings];
  const isOfSetting = (path: DocumentPath) =>
    path[0] === 'settings' || settings.some(([, { path: place }]) => startsWith(path, place));
  const document = {
    ...((expanded.value as Fields)['version'] !== undefined &&
      !isImport && { version: (expanded.value as Fields)['version'] }),
    settings: Object.fromEntries(settings.map(([name, { value }]) => [name, value])),
    servers: { ...placed.servers },
    groups: isImport || settingsOnly ? {} : sections.groups,
    agents: isImport || settingsOnly ? {} : sections.agents,
    ...(sections.agentLimits !== undefined && !isImport && !settingsOnly && { agentLimits: sections.agentLimits }),
  };
  /** Path in the file of a member of the document. */
  const toSource = (path: DocumentPath): DocumentPath => {
    const [section, name = '', ...rest] = path;
    if (section === 'servers') return [...(placed.sources.get(String(name)) ?? ['servers', name]), ...rest];
    if (section === 'settings') return [...(sections.settings.get(String(name))?.path ?? ['settings', name]), ...rest];
    return path;
  };
  const read = () => readTypes(configDocument, document, (path) => expanded.wholes.has(toSource(path).join('\0')));
  let typed = read();
  if (isImport && skipInvalid(typed.problems, document.servers, placed, reading)) typed = read();
  // In an import, only references in servers matter, and placeServer handles those.
  const broken = isImport ? [] : expanded.problems.filter(({ path }) => !settingsOnly || isOfSetting(path));
  const problems = [
    ...[...reading.problems, ...broken].map(({ path, message }) => toProblem(path, message)),
    ...(broken.length > 0 ? [] : typed.problems).map(({ path, message }) => ({
      ...toProblem(toSource(path), message),
      field: writeField(toSource(path)),
    })),
  ];
  if (problems.length > 0)
    throw new ConfigError(file, problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, 20));
  return {
    document: typed.value as LoadedConfig['document'],
    skipped: reading.skipped,
    notes: reading.notes,
    files: expanded.files,
    locate: (field) => parsed.locate(toSource(splitField(field, placed))),
  };
}

/** Splits `servers.a.b.url` into a path: the name of a server may contain dots. */
function splitField(field: string, { sources, servers }: Placed): DocumentPath {
  const steps = field.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  if (steps[0] !== 'servers') return steps;
  const name = [...sources.keys()].find((path) => field === `servers.${path}` || field.startsWith(`servers.${path}.`));
  if (name === undefined) return steps;
  const rest = field
    .slice(`servers.${name}`.length)
    .split('.')
    .filter((step) => step !== '');
  // A single instance may be written as just a URL.
  if (rest[0] === 'instances' && !('instances' in (servers[name] ?? {}))) return ['servers', name, 'url'];
  return ['servers', name, ...rest.map((step) => (/^\d+$/.test(step) ? Number(step) : step))];
}
