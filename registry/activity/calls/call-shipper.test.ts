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
let messages: string[];
let shipper: CallShipper;

const open = (target: ShipperOptions['target'] = { file: output, maxBytes: 1e9 }) =>
  createCallShipper(
    { target, stateFile: join(folder, 'calls-sent.json'), logDir: folder, pollMs: 5, retryMs: 5 },
    {
      warn: (_: object, message: string) => messages.push(message),
      info: (_: object, message: string) => messages.push(message),
    },
  );
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-call-shipper-'));
  log = join(folder, 'calls.log');
  output = join(folder, 'out.jsonl');
  messages = [];
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

test('each line is passed on once, across rotations of both files and restarts', async () => {
  writeFileSync(log, lines(1, 3));
  await shipper.readAll();
  appendFileSync(log, lines(4, 5));
  renameSync(log, `${log}.1`);
  writeFileSync(log, lines(6, 7));
  await shipper.readAll();
  expect(sent()).toBe(lines(1, 7));
  // An external logrotate moves the output away; the next line starts a new file.
  renameSync(output, join(folder, 'moved'));
  await shipper.close();
  appendFileSync(log, line(8));
  shipper = open();
  await shipper.readAll();
  expect([sent(join(folder, 'moved')), sent()]).toEqual([lines(1, 7), line(8)]);
});

test('a long output file is renamed, so that both files stay within the limit', async () => {
  await shipper.close();
  shipper = open({ file: output, maxBytes: 100 });
  writeFileSync(log, lines(1, 9));
  await shipper.readAll();
  expect([sent(`${output}.1`), existsSync(output)]).toEqual([lines(1, 9), false]);
  appendFileSync(log, line(10));
  await shipper.readAll();
  expect(sent()).toBe(line(10));
});

test('a failure that lasts is logged once', async () => {
  await shipper.close();
  const blocked = join(folder, 'not-there', 'out.jsonl');
  shipper = open({ file: blocked, maxBytes: 1e9 });
  writeFileSync(log, lines(1, 2));
  await expect(shipper.readAll()).rejects.toThrow('ENOENT');
  shipper.start();
  await vi.waitFor(() => expect(messages).toHaveLength(1));
  expect(messages[0]).toContain('CALL_STORE');
  // Several attempts later it is still one line.
  for (let count = 0; count < 3; count += 1) await shipper.readAll().catch(() => undefined);
  expect(messages).toHaveLength(1);
});

test('a full disk leaves no partial line', async () => {
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

test('lines are written to a descriptor unchanged', async () => {
  await shipper.close();
  const fd = openSync(output, 'a');
  shipper = open({ fd });
  writeFileSync(log, lines(1, 5_000));
  await shipper.readAll();
  closeSync(fd);
  expect(sent()).toBe(lines(1, 5_000));
});
