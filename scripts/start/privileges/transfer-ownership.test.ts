import {
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { transferOwnership } from './transfer-ownership.ts';

const IS_ROOT = process.getuid?.() === 0;
const USER = { uid: 65_534, gid: 65_534 };

let parent: string;
let dataDir: string;
let outside: string;

/** A data folder as a gateway leaves it, and a file of root next to it. */
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'mcpgw-hand-over-'));
  dataDir = join(parent, 'data');
  mkdirSync(join(dataDir, 'access/keys'), { recursive: true });
  for (const name of ['mcpgw.db', 'access/keys/one.json']) writeFileSync(join(dataDir, name), '');
  outside = join(parent, 'shadow');
  writeFileSync(outside, 'root:…');
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

const handOver = () => {
  transferOwnership({ dataDir, logDir: join(dataDir, 'logs') }, USER);
};

test.runIf(IS_ROOT)('everything in the folder is transferred to the user, at any depth', () => {
  handOver();
  for (const name of ['', 'mcpgw.db', 'access', 'access/keys', 'access/keys/one.json'])
    expect([name, statSync(join(dataDir, name)).uid]).toEqual([name, USER.uid]);
});

test.runIf(IS_ROOT)('a file with a second hard link elsewhere is not transferred, whoever created the link', () => {
  chownSync(dataDir, USER.uid, USER.gid);
  linkSync(outside, join(dataDir, 'access/keys/stolen.json'));
  handOver();
  expect(statSync(outside).uid).toBe(0);
  expect(statSync(join(dataDir, 'access/keys/one.json')).uid).toBe(USER.uid);
});

test.runIf(IS_ROOT)('the target of a symbolic link is not transferred, only the link', () => {
  symlinkSync(outside, join(dataDir, 'access/keys/stolen.json'));
  symlinkSync(parent, join(dataDir, 'access/stolen'));
  handOver();
  expect([statSync(outside).uid, statSync(parent).uid]).toEqual([0, 0]);
  expect(lstatSync(join(dataDir, 'access/keys/stolen.json')).uid).toBe(USER.uid);
});
