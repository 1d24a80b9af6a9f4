import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listLogFiles } from './log-files.ts';
import { createBuffer, readLines, type Place } from './read-lines.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-lines-'));
  file = join(folder, 'calls.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function readAll(place: Place = { offset: 0, skipping: false }) {
  const [listed] = await listLogFiles(folder);
  const lines: string[] = [];
  let tooLong = 0;
  for (let batch = await read(place); batch !== null; batch = await read(place)) {
    lines.push(...batch.pieces.flatMap((piece) => String(piece).split('\n').slice(0, -1)));
    tooLong += batch.tooLong;
    place = batch.place;
  }
  return { lines, tooLong, place };
  function read(from: Place) {
    return readLines(file, listed?.head ?? '', from, createBuffer());
  }
}

test('an incomplete last line is read once it is complete', async () => {
  writeFileSync(file, 'one\ntwo\nthr');
  const first = await readAll();
  expect(first.lines).toEqual(['one', 'two']);
  appendFileSync(file, 'ee\n');
  expect((await readAll(first.place)).lines).toEqual(['three']);
});

test('lines that are too long are skipped and counted once, across any number of steps', async () => {
  writeFileSync(file, `one\n${'x'.repeat(140_000)}\ntwo\n${'y'.repeat(900_000)}\nthree\n`);
  expect(await readAll()).toMatchObject({ lines: ['one', 'two', 'three'], tooLong: 2 });
});

test('an endless line blocks nothing, and the line after it is read', async () => {
  writeFileSync(file, `one\n${'x'.repeat(600_000)}`);
  const first = await readAll();
  expect(first).toMatchObject({ lines: ['one'], tooLong: 1, place: { offset: 600_004, skipping: true } });
  appendFileSync(file, 'still the same\ntwo\n');
  expect(await readAll(first.place)).toMatchObject({ lines: ['two'], tooLong: 0 });
});

test('a file that was replaced is not read', async () => {
  writeFileSync(file, 'one\ntwo\n');
  const [listed] = await listLogFiles(folder);
  writeFileSync(file, 'other\nlines\n');
  expect(await readLines(file, listed?.head ?? '', { offset: 4, skipping: false }, createBuffer())).toBeNull();
});

test('only files of calls.log are listed, a copy counts once, and a file without a complete line is omitted', async () => {
  writeFileSync(join(folder, 'calls.log.2'), 'a\n');
  writeFileSync(join(folder, 'calls.log-20261120'), 'b\nb\n');
  writeFileSync(join(folder, 'calls.log.1'), 'b\n');
  writeFileSync(join(folder, 'calls.log.3.gz'), 'c\n');
  writeFileSync(join(folder, 'error.log'), 'd\n');
  writeFileSync(file, 'e');
  expect((await listLogFiles(folder)).map(({ name }) => name).sort()).toEqual(['calls.log-20261120', 'calls.log.2']);
});
