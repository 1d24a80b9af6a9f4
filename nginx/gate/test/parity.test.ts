import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import '../access/limits/test/in-node.ts';
import { compileForTests } from './compile-for-tests.ts';
import { PURE_FUNCTIONS } from './pure-functions.ts';

const gateDir = fileURLToPath(new URL('..', import.meta.url));
const driver = fileURLToPath(new URL('pure-functions.lua', import.meta.url));
const compiled = await compileForTests('test/pure-functions.ts');

/** The results of a function under LuaJIT. Texts are byte strings, as in the gate. */
function callInLua(name: string, texts: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-parity-'));
  try {
    const file = join(folder, 'functions.lua');
    writeFileSync(file, compiled);
    const input = Buffer.from(texts.map((text) => `${name}\n${text.length}\n${text}`).join(''), 'latin1');
    // The hand-written modules are files beside the sources.
    const env = { ...process.env, LUA_PATH: `${gateDir}?.lua;;` };
    const { stdout, stderr, status } = spawnSync('luajit', [driver, file], {
      env,
      input,
      encoding: 'latin1',
      maxBuffer: 1e9,
    });
    if (status !== 0) throw new Error(`luajit: ${stderr}`);
    const results: string[] = [];
    for (let at = 0; at < stdout.length;) {
      const lineEnd = stdout.indexOf('\n', at);
      const end = lineEnd + 1 + Number(stdout.slice(at, lineEnd));
      results.push(stdout.slice(lineEnd + 1, end));
      at = end;
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const pieces = (words: string[], highestByte = 255) =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...words) },
        fc.integer({ min: 0, max: highestByte }).map((code) => String.fromCharCode(code)),
      ),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join(''));

const words = (list: string[], separator: string, max = 30) =>
  fc.array(fc.constantFrom(...list), { maxLength: max }).map((found) => found.join(separator));
const selectors = words(
  ['*', '!*', 'get_*', '!GET_*', '!get_secret', 'list', '!list', 'annotation:readOnly', '!annotation:readOnly'].concat([
    'tag:ops',
    '!tag:ops',
    'tag:x',
    'file:///public/*',
    '!file:///*',
    '*e*t*',
    'deny',
    'over',
    'night',
    '',
  ]),
  ' ',
  5,
);
const grant = fc
  .tuple(fc.constantFrom('*', 'team/*', 'team/search', 'team', 'mcpgw', ''), selectors)
  .map(([server, list]) => `${server} ${list}`);
const jsonTexts = fc.oneof(
  pieces(
    ['{', '}', '"password":', '"a":', '"pass\\u0077ord":', '"x"', '[', ']', ',', 'ghp_' + 'a1'.repeat(18), '1'],
    126,
  ),
  fc
    .json({ maxDepth: 3 })
    .map((json) => JSON.stringify({ token: 'x', text: json, iban: [json] }))
    .filter((json) => /^[\x20-\x7e]*$/.test(json)),
);

const ARGUMENTS: Record<string, fc.Arbitrary<string>> = {
  // ASCII only: Lua does not change the case of other characters.
  route: pieces(
    ['/', 'weather', 'team', '/mcp', '/sse', '/sse/-/', '..', '%2F', '//', '.', '-', '?', 'a=b', 'MCP', '0'],
    127,
  ),
  query: pieces(['a=b', '&', ' ', '"', 'ü', '%', '%20', '+', '#', "'", '<', '\n']),
  keyShape: fc.oneof(
    pieces(['mgw_', '_', 'a', 'Z', '0']),
    fc
      .tuple(fc.stringMatching(/^[A-Za-z0-9_]{43}$/), fc.stringMatching(/^[A-Za-z0-9_]{6}$/))
      .map(([head, tail]) => `mgw_${head}_${tail}`),
  ),
  bearer: pieces(['Bearer', 'bearer', ' ', '\t', 'mgw_x', 'Basic', ',', '=']),
  limits: words(
    ['look', 'send_mail', 'send_a,send_b', 'look,look,look', 'stream', 'inner', 'body', 'end', 'tick', 'night', 'peek'],
    ' ',
  ),
  grants: fc.array(grant, { maxLength: 4 }).map((lines) => lines.join('\n')),
  secrets: pieces(
    ['password=', '"token":"', 'hunter22', '\\u0067', '\\"', '\\', 'ghp_' + 'a1'.repeat(18), ' ', 'Bearer ', '://u:p@'],
    126,
  ),
  redaction: jsonTexts,
  endpointEvent: pieces([
    'event: endpoint',
    'event:endpoint',
    'data: ',
    'data:',
    '/messages',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    ': comment',
    'id: 1',
    '?a=b',
    '\v',
    '\xc2\x85',
  ]),
  laterEndpoint: pieces(['event:', 'endpoint', ' ', '\t', '\n', '\r', 'data: ', 'x', ' '.repeat(300), '\xe2\x80\xa8']),
  listEvent: pieces([
    'event: endpoint',
    'data: ',
    'data: /x',
    ': c',
    'id: 1',
    '\n',
    '\r\n',
    '\v',
    '\xc2\x85',
    '\xe2\x80\xa9',
  ]),
};

test('every pure function has arguments', () => {
  expect(Object.keys(ARGUMENTS).sort()).toEqual(Object.keys(PURE_FUNCTIONS).sort());
});

test.each(Object.keys(ARGUMENTS))('%s returns the same under LuaJIT as in Node', (name) => {
  const texts = fc.sample(ARGUMENTS[name] ?? fc.constant(''), { numRuns: 4_000, seed: 1 });
  const inLua = callInLua(name, texts);
  expect(inLua).toHaveLength(texts.length);
  texts.forEach((text, index) => expect(inLua[index], JSON.stringify(text)).toBe(PURE_FUNCTIONS[name]?.(text)));
});

test('the rules compiled from grants are the same after LuaJIT has compiled that code, whatever its traces', () => {
  // Selectors whose order matters; each order of the lines produces different traces.
  const lines = [
    'team/search ',
    'team/* ',
    '* get_state list',
    '* * !get_secret !list',
    '* *e*t* !get_secret',
    '* !* list',
  ];
  for (let start = 0; start < 12; start += 1) {
    const texts = Array.from({ length: 400 }, (_, turn) =>
      [0, 1, 2].map((line) => lines[(start * 7 + turn * (start + 1) + line) % lines.length]).join('\n'),
    );
    expect(callInLua('grants', texts)).toEqual(texts.map((text) => PURE_FUNCTIONS['grants']?.(text)));
  }
});
