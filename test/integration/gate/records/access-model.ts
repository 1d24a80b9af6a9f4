import { closeSync, cpSync, openSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { ACCESS_VERSION } from '../../../../registry/contract/gate/access-version.ts';

interface Key {
  enabled: boolean;
  servers: string[];
}
type Broken = 'unparsable' | 'other_version' | 'invalid';
type Entry<T> = T | Broken | undefined;

const KEYS = Array.from({ length: 24 }, (_, n) => n.toString(16).padStart(64, '0'));
const SERVERS = Array.from({ length: 8 }, (_, n) => `s${n}`);
const pick = <T>(from: readonly T[]): T => from[randomInt(from.length)] as T;
/** A key that is always allowed, one that never is, and their server. No change affects them, but they move along with their folders. */
export const STEADY = { yes: 'a'.repeat(64), no: 'b'.repeat(64), server: 'steady' };

const BROKEN: Record<Broken, string> = {
  unparsable: `{"v":${ACCESS_VERSION},"age`,
  other_version: '{"v":1}',
  invalid: `{"v":${ACCESS_VERSION}}`,
};
function text<T extends object | boolean>(entry: T | Broken, render: (value: T) => object): string {
  return typeof entry === 'string' ? BROKEN[entry] : JSON.stringify({ v: ACCESS_VERSION, ...render(entry) });
}
const renderKey = ({ enabled, servers }: Key) => ({
  agent: 'agent',
  enabled,
  grants: servers.map((server) => ({ server, tools: ['*'] })),
  sessionKey: 'k',
});
const renderServer = (on: boolean) => ({ state: on ? 'on' : 'off', tools: null, instances: [{ id: 'i', up: true }] });

/** The access files of a folder, changed at random as a registry or an operator changes them, and the decisions expected of a gate. */
export function createAccessModel(accessDir: string) {
  const keys = new Map<string, Entry<Key>>();
  const servers = new Map<string, Entry<boolean>>();
  let killed = false;
  let moves = 0;

  function writeByRename(file: string, content: string): void {
    const temporary = `${file}.${randomInt(1e9)}.tmp`;
    writeFileSync(temporary, content, { mode: 0o644 });
    renameSync(temporary, file);
  }
  const write = (file: string, content: string) =>
    (randomInt(4) === 0 ? writeFileSync : writeByRename)(join(accessDir, file), content);

  function putKey(key: string, entry: Entry<Key>): void {
    keys.set(key, entry);
    if (entry === undefined) rmSync(join(accessDir, 'keys', `${key}.json`), { force: true });
    else write(`keys/${key}.json`, text(entry, renderKey));
  }
  function putServer(id: string, entry: Entry<boolean>): void {
    servers.set(id, entry);
    if (entry === undefined) rmSync(join(accessDir, 'servers', `${id}.json`), { force: true });
    else write(`servers/${id}.json`, text(entry, renderServer));
  }
  function putGate(value: boolean): void {
    killed = value;
    write(
      'gate.json',
      JSON.stringify({ v: ACCESS_VERSION, drain: false, killed: value ? 'stopped' : null, sessionKey: 'k' }),
    );
  }
  const arbitraryKey = (): Entry<Key> => {
    const kind = randomInt(12);
    if (kind === 0) return undefined;
    if (kind === 1) return pick<Broken>(['unparsable', 'other_version', 'invalid']);
    return { enabled: randomInt(5) > 0, servers: SERVERS.filter(() => randomInt(2) === 0) };
  };

  /** Replaces a folder with a copy of it; the original remains elsewhere, so that only the move itself causes an event. */
  function moveFolder(folder: string, isLink: boolean): void {
    const place = join(accessDir, '../..', `moved${(moves += 1)}`);
    cpSync(folder, `${place}.new`, { recursive: true, dereference: true });
    renameSync(folder, `${place}.old`);
    if (isLink) symlinkSync(`${place}.new`, folder);
    else renameSync(`${place}.new`, folder);
  }
  function moveSomeFolder(): void {
    const inside = [join(accessDir, 'keys'), join(accessDir, 'servers')];
    if (randomInt(2) === 0) moveFolder(pick(inside), randomInt(2) === 0);
    else moveFolder(pick([accessDir, join(accessDir, '..')]), false);
  }
  function flood(): void {
    const files = [0, 1].map((n) => join(accessDir, 'keys', `flood${n}.tmp`));
    for (const file of files) closeSync(openSync(file, 'w'));
    for (let n = 0; n < 40_000; n += 1) utimesSync(files[n % 2] as string, n, n);
    for (const file of files) rmSync(file);
  }

  for (const key of KEYS) putKey(key, arbitraryKey());
  for (const id of SERVERS) putServer(id, true);
  putKey(STEADY.yes, { enabled: true, servers: [STEADY.server] });
  putKey(STEADY.no, { enabled: false, servers: [STEADY.server] });
  putServer(STEADY.server, true);
  putGate(false);

  function changeKey(): [string, string] {
    const key = pick(KEYS);
    const known = keys.get(key);
    const old = typeof known === 'object' ? known : undefined;
    // Also edits that do not change the size.
    const swapped = old && { ...old, servers: old.servers.map(() => pick(SERVERS)) };
    putKey(key, swapped && randomInt(3) === 0 ? swapped : arbitraryKey());
    return [key, pick(SERVERS)];
  }
  function changeServer(): [string, string] {
    const id = pick(SERVERS);
    putServer(id, pick<Entry<boolean>>([true, true, false, undefined, 'unparsable', 'other_version']));
    const granted = KEYS.filter((key) => {
      const entry = keys.get(key);
      return typeof entry === 'object' && entry.enabled && entry.servers.includes(id);
    });
    return [granted.length > 0 ? pick(granted) : pick(KEYS), id];
  }

  return {
    /** Changes something and returns a key and server to query. */
    change(step: number): [string, string] {
      const kind = randomInt(1_000);
      if (step % 1_000 === 500) {
        flood();
        return changeKey();
      }
      if (killed || kind < 20) putGate(!killed);
      else if (kind < 28) moveSomeFolder();
      return randomInt(3) === 0 ? changeServer() : changeKey();
    },
    expect(key: string, server: string): string {
      if (killed) return 'killed';
      const entry = keys.get(key);
      if (entry === undefined) return 'key_missing';
      if (typeof entry === 'string') return `key_${entry}`;
      if (!entry.enabled) return 'disabled';
      if (!entry.servers.includes(server)) return 'not_granted';
      const state = servers.get(server);
      if (state === undefined) return 'server_missing';
      if (typeof state === 'string') return `server_${state}`;
      return state ? 'yes' : 'off';
    },
  };
}
