import { chmodSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GENERATION_SOCKET, createRunDir } from './run-dir.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mcpgw-run-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('createRunDir', () => {
  it('is inside the data folder, private, and remains the same', () => {
    expect(createRunDir(root)).toBe(join(root, 'run'));
    chmodSync(join(root, 'run'), 0o755);
    expect(createRunDir(root)).toBe(join(root, 'run'));
    expect(statSync(join(root, 'run')).mode & 0o777).toBe(0o700);
  });

  it('is in the temporary folder when a socket path would be too long, with a link to it', () => {
    const deep = join(root, 'd'.repeat(90));
    mkdirSync(deep);
    const runDir = createRunDir(deep, root);
    expect(Buffer.byteLength(join(runDir, GENERATION_SOCKET))).toBeLessThan(100);
    expect(createRunDir(deep, root)).toBe(runDir);
    expect(realpathSync(join(deep, 'run'))).toBe(realpathSync(runDir));
    expect(statSync(runDir).mode & 0o777).toBe(0o700);
    expect(lstatSync(join(deep, 'run')).isSymbolicLink()).toBe(true);
  });

  it('refuses a folder that belongs to another user', () => {
    const deep = join(root, 'd'.repeat(90));
    mkdirSync(deep);
    const runDir = createRunDir(deep, root);
    rmSync(runDir, { recursive: true });
    symlinkSync(tmpdir(), runDir);
    expect(() => createRunDir(deep, root)).toThrow(/belongs to another user/);
  });
});
