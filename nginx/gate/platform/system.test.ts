import { execFileSync } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const gateDir = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'mcpgw-platform-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script under luajit; `P` is the platform, `arg` the arguments. Returns the lines that it prints. */
function run(script: string, ...args: string[]): string[] {
  const head = `package.path = ${JSON.stringify(`${gateDir}?.lua;`)} .. package.path; local P = require("platform/system").platform\n`;
  const file = join(folder, 'script.lua');
  writeFileSync(file, head + script);
  return execFileSync('luajit', [file, ...args], { encoding: 'utf8' })
    .split('\n')
    .slice(0, -1);
}
const texts = [0, 1, 55, 56, 63, 64, 65, 200].map((length) => randomBytes(length).toString('hex'));

describe('digests', () => {
  test('equal those of Node', () => {
    const lines = run(
      'for _, text in ipairs(arg) do print(P.sha256Hex(text), P.crc32(text), P.macHex(P.createMac(text), text, "tail", 32), P.macHex(P.createMac("k"), text, "", 8)) end',
      ...texts,
    );
    expect(lines).toEqual(
      texts.map((text) => {
        const mac = (key: string, ...parts: string[]) => createHmac('sha256', key).update(parts.join('')).digest('hex');
        return [
          createHash('sha256').update(text).digest('hex'),
          crc32(text),
          mac(text, text, 'tail'),
          mac('k', text).slice(0, 16),
        ].join('\t');
      }),
    );
  });
  test('compare whole texts', () => {
    expect(
      run(
        'print(P.isSame("", ""), P.isSame("ab", "ab"), P.isSame("ab", "ac"), P.isSame("ab", "abc"), P.isSame("a\\0b", "a\\0c"))',
      ),
    ).toEqual(['true\ttrue\tfalse\tfalse\tfalse']);
  });
  test('start from different random bytes', () => {
    const [first, second] = run(
      'print(P.randomSeed()) print(P.randomSeed()) print(#P.randomBytes(256), P.randomBytes(257))',
    );
    expect(Number(first)).toBeGreaterThan(0);
    expect(first).not.toBe(second);
  });
  test('ids of requests are UUIDv7 without hyphens, unique and in the order of their time', () => {
    const ids = run(
      'math.randomseed(P.randomSeed()) for n = 1, 20000 do print(P.drawId(1764500000.123 + math.floor(n / 1000) / 1000)) end',
    );
    expect(new Set(ids).size).toBe(20_000);
    for (const id of ids) if (!/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/.test(id)) expect.fail(`no id: ${id}`);
    const times = ids.map((id) => parseInt(id.slice(0, 12), 16));
    expect(times).toEqual(ids.map((_, index) => 1_764_500_000_123 + Math.floor((index + 1) / 1_000)));
  });
});

test('a quoted text is the same the first time, the second time, and after many others', () => {
  const script =
    'local quote = require("platform/text").quote; local function all() for _, text in ipairs(arg) do print(quote(text)) end end ' +
    'all() all() for n = 1, 5000 do quote("n" .. n) end all()';
  const plain = ['', 'tools/call', 'a"b\\c\td', 'x'.repeat(300)];
  const quoted = plain.map((text) => JSON.stringify(text));
  expect(run(script, ...plain)).toEqual([...quoted, ...quoted, ...quoted]);
});

describe('files', () => {
  const put = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  test('are read whole up to the limit, byte for byte', () => {
    for (const size of [0, 1, 65_519, 65_520, 65_521, 65_536, 200_000]) {
      const content = randomBytes(size);
      const [line] = run(
        'local text = P.readFile(arg[1], 200000) print(#text, P.sha256Hex(text))',
        put('bytes', content),
      );
      expect(line).toBe(`${size}\t${createHash('sha256').update(content).digest('hex')}`);
    }
  });
  test('that are larger, not regular files or missing are refused at once', () => {
    mkdirSync(join(folder, 'folder'));
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    symlinkSync(put('target', 'x'), join(folder, 'link'));
    const names = [
      put('large', 'x'.repeat(11)),
      join(folder, 'folder'),
      join(folder, 'fifo'),
      join(folder, 'link'),
      join(folder, 'none'),
      `${put('file', '')}/none`,
    ];
    expect(run('for _, path in ipairs(arg) do print(select(2, P.readFile(path, 10))) end', ...names)).toEqual([
      'too_large\tit is larger than 10 bytes',
      'unreadable\tit is not a regular file',
      'unreadable\tit is not a regular file',
      'unreadable\tToo many levels of symbolic links',
      'missing\tNo such file or directory',
      'missing\tNot a directory',
    ]);
  });
  test('have a signature that differs after each change', () => {
    const script = `local path = arg[1]
      local seen, all = {}, {}
      local function note(what) local now = P.signatureOf(path) print(what, seen[now] == nil) seen[now] = true os.execute("sleep 0.03") end
      local function write(mode, text) local f = io.open(path, mode) f:write(text) f:close() end
      note "missing" write("w", "abc") note "made" write("w", "abd") note "same size" os.execute("chmod 600 " .. path) note "mode"
      os.execute("touch -d @0 " .. path) note "time" write("a", "x") note "longer" os.remove(path) write("w", "abdx") note "replaced"
      local before = P.signatureOf(path) print("unchanged", before == P.signatureOf(path), before == select(2, P.readFile(path, 10)))`;
    expect(run(script, join(folder, 'signed'))).toEqual([
      ...['missing', 'made', 'same size', 'mode', 'time', 'longer', 'replaced'].map((what) => `${what}\ttrue`),
      'unchanged\ttrue\ttrue',
    ]);
  });
  test('that have just changed are recent, others are not', () => {
    const path = put('recent', 'x');
    const script = `os.execute("touch " .. arg[1]) local _, _, now = P.readFile(arg[1], 10) os.execute("sleep 0.1") local _, _, later = P.readFile(arg[1], 10) print(now, later)`;
    // The first may be false only if starting "touch" took longer than a tick.
    expect(run(script, path)[0]).toMatch(/\tfalse$/);
    // A process that must wait for the CPU between writing and reading may miss the tick: it tries again.
    const write = `for _ = 1, 1000 do
      local f = io.open(arg[1], "w") f:write("y") f:close()
      if select(3, P.readFile(arg[1], 10)) then print "recent" return end
    end`;
    expect(run(write, path)).toEqual(['recent']);
  });
});

test('a queue reports changes of entries and of the folder, and lost events', () => {
  const watched = join(folder, 'watched');
  mkdirSync(join(watched, 'inner'), { recursive: true });
  const script = `local queue = P.openQueue()
    local names = { [P.watchFolder(queue, arg[1])] = "watched", [P.watchFolder(queue, arg[1] .. "/inner")] = "inner" }
    print(P.watchFolder(queue, arg[1] .. "/none")) print(P.watchFolder(queue, arg[0]))
    local function drain() local seen, list = {}, {} P.drainQueue(queue, function(watch, event, name) local text = (names[watch] or "?") .. ":" .. event .. ":" .. name if not seen[text] then seen[text] = true list[#list + 1] = text end end) print(table.concat(list, " ")) end
    drain()
    local f = io.open(arg[1] .. "/a", "w") f:write("x") f:flush() drain() f:close() drain()
    os.rename(arg[1] .. "/a", arg[1] .. "/b") drain() os.remove(arg[1] .. "/b") drain()
    os.execute("mv " .. arg[1] .. "/inner " .. arg[1] .. "/other") drain()
    for i = 1, 20000 do local f = io.open(arg[1] .. "/" .. i % 2, "w") f:close() end
    local lost = false P.drainQueue(queue, function(_, event) lost = lost or event == "overflow" end) print(lost)
    P.closeQueue(queue) print(P.drainQueue(queue, print))`;
  const [none, file, ...lines] = run(script, watched);
  expect(none).toContain('No such file or directory');
  expect(file).toContain('Not a directory');
  expect(lines).toEqual([
    '',
    'watched:changed:a',
    '',
    'watched:changed:a watched:changed:b',
    'watched:changed:b',
    'watched:changed:inner watched:changed:other inner:folder:',
    'true',
    "nil\tread of inotify's queue failed: Bad file descriptor",
  ]);
});

test('functions that need NGINX fail without it', () => {
  expect(
    run(
      'print(P.readConnection()) print(P.runEvery(1, print)) print(P.readRequestId()) print(P.isSocket(0, 1)) print(P.checkWorker())',
    ),
  ).toEqual([
    'nil\tthere is no running request',
    'nil\tthere is no NGINX',
    'nil',
    'false',
    'ngx_http_request_t or ngx_connection_t is laid out differently from what this gate expects',
  ]);
});
