import { expect, test } from 'vitest';
import { ChangeLog } from './change-log.ts';

const createLog = (limits: { maxFrames?: number; maxBytes?: number } = {}) =>
  new ChangeLog({ firstSeq: 1_000, maxFrames: 10, maxBytes: 10_000, ...limits });

test('frames are numbered from the first number on and contain their number', () => {
  const log = createLog();
  expect(log.add('a', '{"type":"x"}')).toEqual({ seq: 1_001, text: '{"seq":1001,"type":"x"}' });
  expect(log.add('b', '{"type":"y"}').seq).toBe(1_002);
  expect(log.seq).toBe(1_002);
});

test('a client with all previous frames gets the short message, a reconnecting one the whole', () => {
  const log = createLog();
  log.add('a', '{"n":1,"more":true}');
  expect(log.add('a', '{"n":2,"more":true}', '{"n":2}').text).toBe('{"seq":1002,"n":2}');
  expect(log.since(1_001)?.map((frame) => frame.text)).toEqual(['{"seq":1002,"n":2,"more":true}']);
});

test('a reconnecting client gets the newest frame of each key, in order', () => {
  const log = createLog();
  log.add('a', '{"n":1}');
  log.add('b', '{"n":2}');
  log.add('a', '{"n":3}');
  expect(log.since(1_000)?.map((frame) => frame.seq)).toEqual([1_002, 1_003]);
  expect(log.since(1_002)?.map((frame) => frame.seq)).toEqual([1_003]);
  expect(log.since(1_003)).toEqual([]);
});

test('a number of another start, lower or higher, is unknown', () => {
  const log = createLog();
  log.add('a', '{"n":1}');
  expect(log.since(999)).toBeNull();
  expect(log.since(1_002)).toBeNull();
  expect(log.since(0)).toBeNull();
});

test('beyond its bounds the oldest frames are dropped, and a client that needs them gets none', () => {
  const log = createLog({ maxFrames: 3 });
  for (let n = 1; n <= 5; n++) log.add(`key${n}`, `{"n":${n}}`);
  expect(log.since(1_001)).toBeNull();
  expect(log.since(1_002)?.map((frame) => frame.seq)).toEqual([1_003, 1_004, 1_005]);

  const small = createLog({ maxBytes: 60 });
  for (let n = 1; n <= 5; n++) small.add(`key${n}`, `{"n":${n}}`);
  expect(small.since(1_001)).toBeNull();
  expect(small.since(1_004)?.map((frame) => frame.seq)).toEqual([1_005]);
});
