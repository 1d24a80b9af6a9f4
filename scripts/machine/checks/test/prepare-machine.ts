import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Facts, Finding } from '../../finding.ts';
import { readMachineSettings } from '../../machine-settings.ts';
import { CHECKS } from '../index.ts';

/** The program that "mcpgw doctor" runs. */
export const BUILT = join(import.meta.dirname, '../../../../dist/machine.js');

export interface PreparedMachine {
  folder: string;
  /** The checkout. */
  root: string;
  /** A machine without problems, except for what a test changes. */
  facts: (env?: Record<string, string>, more?: Partial<Facts>) => Facts;
  /** Adds a shell script as a program, before all others in PATH. */
  program: (name: string, script: string) => string;
  find: (check: string, given: Facts) => Promise<Finding[]>;
  messages: (check: string, given: Facts) => Promise<string>;
}

/** Creates the files of a machine for each test, and removes them afterwards. */
export function prepareMachine(): PreparedMachine {
  const on: PreparedMachine = {
    folder: '',
    root: '',
    facts(env = {}, more = {}) {
      const all = {
        PATH: join(on.folder, 'bin'),
        DATA_DIR: join(on.folder, 'data'),
        GATEWAY_PORT: '45679',
        REGISTRY_PORT: '0',
        ...env,
      };
      const settings = readMachineSettings(all, on.root, on.folder);
      const places = { proc: join(on.folder, 'proc'), system: '/', statfs: statfsSync };
      return { env: all, root: on.root, settings, ...places, nowMs: Date.now(), pid: null, ...more };
    },
    program(name, script) {
      const file = join(on.folder, 'bin', name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return file;
    },
    async find(check, given) {
      const found = (await CHECKS[check]?.(given)) ?? [];
      for (const { message, hint } of found) {
        expect(message).not.toBe('');
        expect(hint).not.toBe('');
      }
      return found;
    },
    messages: async (check, given) => (await on.find(check, given)).map(({ message }) => message).join('\n'),
  };
  beforeEach(() => {
    on.folder = mkdtempSync(join(tmpdir(), 'mcpgw-doctor-'));
    on.root = join(on.folder, 'root');
    for (const part of ['bin', 'root', 'data', 'proc/sys/fs/inotify', 'proc/self'])
      mkdirSync(join(on.folder, part), { recursive: true });
    chmodSync(join(on.folder, 'data'), 0o700);
    writeFileSync(join(on.folder, 'proc/sys/fs/inotify/max_user_watches'), '65536\n');
    writeFileSync(join(on.folder, 'proc/sys/fs/inotify/max_user_instances'), '512\n');
    writeFileSync(
      join(on.folder, 'proc/self/limits'),
      'Max open files            65536                65536                files\n',
    );
  });
  afterEach(() => {
    rmSync(on.folder, { recursive: true, force: true });
  });
  return on;
}
