import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCallShipper, type CallShipper, type ShipperOptions } from './call-shipper.ts';

let folder: string;
let log: string;
let output: string;
let told: string[];
let shipper: CallShipper;

const open = (target: ShipperOptions['target'] = { file: output, maxBytes: 1e9 }) =>
  createCallShipper(
    { target, stateFile: join(folder, 'calls-sent.json'), logDir: folder, pollMs: 5, retryMs: 5 },
    {
      warn: (_: object, message: string) => told.push(message),
      info: (_: object, message: string) => told.push(message),
    },
  );
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-call-shipper-'));
  log = join(folder, 'calls.log');
  output = join(folder, 'out.jsonl');
  told = [];
  shipper = open();
});
afterEach(async () => {
  await shipper.close();
  rmSync(folder, { recursive: true });
});

const line = (id: number | string) => `{"id":"${id}"}\n`;
const lines = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => line(first + index)).join('');
const sent = (file = output) => readFileSync(file, 'utf8');

test('each line is passed on once, over rotations of both files and restarts', async () => {
  writeFileSync(log, lines(1, 3));
  await shipper.readAll();
  appendFileSync(log, lines(4, 5));
  renameSync(log, `${log}.1`);
  writeFileSync(log, lines(6, 7));
  await shipper.readAll();
  expect(sent()).toBe(lines(1, 7));
  // Somebody's logrotate moves the output away; the next line begins another.
  renameSync(output, join(folder, 'moved'));
  await shipper.close();
  appendFileSync(log, line(8));
  shipper = open();
  await shipper.readAll();
  expect([sent(join(folder, 'moved')), sent()]).toEqual([lines(1, 7), line(8)]);
});

test('the file is moved to one beside it when it is long, so that both stay within the bound', async () => {
  await shipper.close();
  shipper = open({ file: output, maxBytes: 100 });
  writeFileSync(log, lines(1, 9));
  await shipper.readAll();
  expect([sent(`${output}.1`), existsSync(output)]).toEqual([lines(1, 9), false]);
  appendFileSync(log, line(10));
  await shipper.readAll();
  expect(sent()).toBe(line(10));
});

test('while it fails nothing is lost, and it is logged once and when it works again', async () => {
  await shipper.close();
  const blocked = join(folder, 'not-there', 'out.jsonl');
  shipper = open({ file: blocked, maxBytes: 1e9 });
  writeFileSync(log, lines(1, 2));
  await expect(shipper.readAll()).rejects.toThrow('ENOENT');
  shipper.start();
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(told[0]).toContain('CALL_STORE');
  // Several tries later it is still one line.
  for (let count = 0; count < 3; count += 1) await shipper.readAll().catch(() => undefined);
  expect(told).toHaveLength(1);
});

test('a full disk leaves no half line', async () => {
  await shipper.close();
  // Writing to it fails with ENOSPC, as to a disk that is full.
  shipper = open({ file: '/dev/full', maxBytes: 1e9 });
  writeFileSync(log, lines(1, 2));
  await expect(shipper.readAll()).rejects.toThrow('ENOSPC');
  await shipper.close();
  shipper = open();
  await shipper.readAll();
  expect(sent()).toBe(lines(1, 2));
});

test('lines go to a descriptor as they are', async () => {
  await shipper.close();
  const fd = openSync(output, 'a');
  shipper = open({ fd });
  writeFileSync(log, lines(1, 5_000));
  await shipper.readAll();
  closeSync(fd);
  expect(sent()).toBe(lines(1, 5_000));
});
