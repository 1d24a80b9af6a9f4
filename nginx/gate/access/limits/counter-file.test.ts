import { expect, test } from 'vitest';
import './test/in-node.ts';
import { packUse } from '../../../../registry/contract/gate/limits/quota.ts';
import { createCounterFile } from './counter-file.ts';
import { createCounters } from './counters.ts';
import { createFakeDictionary } from './test/fake-dictionary.ts';

const NOW_MS = Date.UTC(2026, 10, 30, 12);
const TODAY = Math.floor(NOW_MS / 86_400_000);

/** A disk with one file. */
function createDisk() {
  const disk = { text: '', fails: false, seed: 0 };
  const answer = (problem: string) => (disk.fails ? [undefined, problem] : [true]) as never;
  const platform = {
    locked: (run: (...args: never[]) => unknown, ...args: never[]) => run(...args) as never,
    now: () => NOW_MS / 1_000,
    randomSeed: () => [(disk.seed += 1)] as never,
    createFolder: () => answer('no folder'),
    readFile: () => [disk.text, 'signature', false] as never,
    replaceFile: (_path: string, text: string) => {
      if (!disk.fails) disk.text = text;
      return answer('disk full');
    },
    openFile: () => (disk.fails ? [undefined, 'no file'] : [3]) as never,
    closeFile: () => undefined,
    writeAt: (_fd: number, text: string, at: number) => {
      if (!disk.fails) disk.text = disk.text.slice(0, at).padEnd(at) + text + disk.text.slice(at + text.length);
      return answer('disk full');
    },
    writeRecord: (name: string, value: number) => `${name.padEnd(40)}${value.toFixed(3).padStart(23)}\n`,
    readRecord: (text: string, at: number) => {
      const name = /^\S+/.exec(text.slice(at - 1))?.[0];
      const value = Number(text.slice(at + 39, at + 62));
      return [name, Number.isFinite(value) ? value : undefined] as never;
    },
  };
  return { disk, platform };
}

function start({ platform }: ReturnType<typeof createDisk>) {
  const dictionary = createFakeDictionary(1_000);
  const counters = createCounters(dictionary, '#place');
  return { counters, file: createCounterFile(platform, dictionary, counters, '/limits/') };
}

test('counters are restored, except those that no longer have a meaning', () => {
  const on = createDisk();
  const { counters, file } = start(on);
  expect(file.load()).toBeUndefined();
  const current = { rnew: NOW_MS + 60_000, dtoday: packUse(TODAY, 3), dyesterday: packUse(TODAY - 1, 4) };
  const expired = { rfull: NOW_MS - 1, dold: packUse(TODAY - 9, 4) };
  for (const [name, value] of Object.entries({ ...current, ...expired })) counters.write(name, value);
  expect(file.flush()).toBeUndefined();
  counters.write('dtoday', packUse(TODAY, 5));
  expect(file.flush()).toBeUndefined();
  const again = start(on);
  expect(again.file.load()).toBeUndefined();
  expect(again.counters.read('dtoday')).toBe(packUse(TODAY, 5));
  expect(again.counters.read('rnew')).toBe(current.rnew);
  expect(again.counters.read('dyesterday')).toBe(current.dyesterday);
  for (const name of Object.keys(expired)) expect(again.counters.read(name)).toBeUndefined();
});

test('counters that could not be written are written the next time', () => {
  const on = createDisk();
  const { counters, file } = start(on);
  file.load();
  counters.write('dtoday', packUse(TODAY, 1));
  on.disk.fails = true;
  expect(file.flush()).toBe('no file');
  on.disk.fails = false;
  expect(file.flush()).toBeUndefined();
  const again = start(on);
  again.file.load();
  expect(again.counters.read('dtoday')).toBe(packUse(TODAY, 1));
});

test('the file of another NGINX is not written', () => {
  const on = createDisk();
  const { counters, file } = start(on);
  file.load();
  start(on).file.load();
  counters.write('dtoday', packUse(TODAY, 1));
  expect(file.flush()).toContain('another NGINX');
});
