import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  compileRules,
  coversPath,
  decideName,
  indexNames,
  isActive,
  keyFile,
  listCovering,
  serverFile,
  type KeyFile,
  type ServerFile,
} from '@mcpgw/registry/contract';

/** What a caller may use, by the same files and rules as the gate. It only decides what is listed: the gate decides about each call. */
export interface Access {
  /** The caller of an `Authorization`; undefined: unknown. */
  identify: (authorization: string | undefined) => KeyFile | undefined;
  /** Returns a function that reports whether the caller may call a tool of a server; undefined: it may not use the server. */
  toolsOf: (key: KeyFile, server: { id: string; path: string }) => ((tool: string) => boolean) | undefined;
}

interface Read<File> {
  stamp: string;
  file: File | undefined;
}
interface Schema<File> {
  parse: (value: unknown) => File;
}

const MAX_FILES = 20_000;

function createReader<File>(folder: string, schema: Schema<File>): (name: string) => File | undefined {
  const known = new Map<string, Read<File>>();
  return (name) => {
    const path = join(folder, `${name}.json`);
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (stat === undefined) {
      known.delete(name);
      return undefined;
    }
    const stamp = `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
    const before = known.get(name);
    if (before?.stamp === stamp) return before.file;
    let file: File | undefined;
    try {
      file = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch {
      // As in the gate: an unreadable file means that access is denied.
    }
    if (known.size >= MAX_FILES) known.clear();
    known.set(name, { stamp, file });
    return file;
  };
}

/** Reads `<folder>/keys` and `<folder>/servers`; a file is read again when it was replaced. */
export function createAccess(folder: string): Access {
  const readKey = createReader<KeyFile>(join(folder, 'keys'), keyFile);
  const readServer = createReader<ServerFile>(join(folder, 'servers'), serverFile);

  return {
    identify(authorization) {
      const token = /^bearer +(.+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) return undefined;
      return readKey(createHash('sha256').update(token).digest('hex'));
    },
    toolsOf(key, { id, path }) {
      if (key.servers !== undefined && !key.servers.some((pattern) => coversPath(pattern, path))) return undefined;
      const covering = listCovering(key.grants, path).filter((at) => {
        const grant = key.grants[at];
        return grant !== undefined && isActive(grant, Date.now());
      });
      const server = covering.length === 0 ? undefined : readServer(id);
      if (server === undefined || server.state === 'off' || server.killed !== undefined) return undefined;
      const facts = { tags: server.tags ?? [], readOnly: indexNames(server.readOnly ?? []) };
      const rules = compileRules(key.grants, covering, facts);
      if (rules === undefined) return undefined;
      const approved = server.tools === null ? null : new Set(Object.keys(server.tools));
      return (tool) => (approved === null || approved.has(tool)) && decideName(rules.tools, tool).allowed;
    },
  };
}
