import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteAt, decimalEnd, isSameAt, plainEnd } from './bytes.node.ts';

const gateDir = fileURLToPath(new URL('..', import.meta.url));

/** What the Lua functions return for each position of each text, one line per text. */
function runInLua(texts: readonly string[]): string[] {
  const script = `local B = require("platform/bytes")
for length in io.lines() do
  local text, line = io.read(tonumber(length)) or "", {}
  for at = 0, #text do
    line[#line + 1] = ("%s %d %d %s %s"):format(B.byteAt(text, at), B.plainEnd(text, at), B.decimalEnd(text, at), B.isSameAt(text, at, 0, 3), B.isSameAt(text, at + 1, 1, 9))
  end
  print(table.concat(line, ";"))
end`;
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-bytes-'));
  try {
    const file = join(folder, 'script.lua');
    writeFileSync(file, script);
    const { stdout, stderr, status } = spawnSync('luajit', [file], {
      env: { ...process.env, LUA_PATH: `${gateDir}?.lua;;` },
      input: Buffer.from(texts.map((text) => `${text.length}\n${text}`).join(''), 'latin1'),
      encoding: 'latin1',
      maxBuffer: 1e9,
    });
    if (status !== 0) throw new Error(`luajit: ${stderr}`);
    return stdout.split('\n').slice(0, -1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runInNode(text: string): string {
  return Array.from({ length: text.length + 1 }, (_, at) =>
    [
      String(byteAt(text, at)).toLowerCase(),
      plainEnd(text, at),
      decimalEnd(text, at),
      isSameAt(text, at, 0, 3),
      isSameAt(text, at + 1, 1, 9),
    ].join(' '),
  ).join(';');
}

test('each byte is recognized at any position in a word of eight and next to any other bytes', () => {
  const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
  const marked = bytes.flatMap((byte) => [
    `${'x'.repeat(9)}${byte}${'x'.repeat(20)}`,
    `${'5'.repeat(9)}${byte}${'5'.repeat(20)}`,
    `.${byte}.${byte}${byte}`.repeat(4),
  ]);
  const piece = fc.oneof(
    fc.constantFrom('abc', '12', '1.5', '.', '"', '\\', '\x1f', ' ', '!', '#', '/', ':', '\x7f', '\x80', '\xff', '\0'),
    fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  );
  const random = fc.sample(
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    { numRuns: 2_000, seed: 1 },
  );
  const texts = [...marked, ...random];
  const inLua = runInLua(texts);
  expect(inLua).toHaveLength(texts.length);
  texts.forEach((text, index) => expect(inLua[index], JSON.stringify(text)).toBe(runInNode(text)));
});
