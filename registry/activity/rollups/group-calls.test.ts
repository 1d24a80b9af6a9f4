import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeLogLine, type WrittenCall } from '../../../test/support/registry/write-log-line.ts';
import { CALL_LOG_MEMBERS } from '../../contract/index.ts';
import { createCardinalityLimit } from './cardinality-limit.ts';
import { createCallGrouping } from './group-calls.ts';
import { createLinePattern, parseCall } from './parse-call.ts';
import { rollUp } from './roll-up.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 12, 30, 30);

const write = (call: WrittenCall) => writeLogLine(call, NOW_MS);

test('the pattern matches lines of the log format, and they have the members of the contract', () => {
  const line = write({
    agoMs: 0,
    agent: 'one',
    server: 'team/search',
    tools: ['echo'],
    status: 200,
    durationMs: 12,
    upstreamMs: 3,
    verdict: 'allowed',
    reason: null,
    address: '::1',
  });
  expect(line).toMatch(createLinePattern().regExp);
  expect(parseCall(line)).toMatchObject({
    server: 'team/search',
    era: 'legacy',
    methods: ['tools/call'],
    tools: ['echo'],
    durationMs: 12,
    upstreamMs: 3,
  });
  for (const { name, ...member } of CALL_LOG_MEMBERS) {
    if ('optional' in member) continue;
    const { [name]: _, ...rest } = JSON.parse(line) as Record<string, unknown>;
    expect(parseCall(JSON.stringify(rest)), name).toBeNull();
  }
});

const name = fc.constantFrom(
  'echo',
  'add',
  'größe',
  'a","status":500,"bytesIn":1,"x":"',
  '"],"verdict":"refused',
  'b\\',
  '\u2028',
  '',
);
const written: fc.Arbitrary<WrittenCall> = fc.record({
  agoMs: fc.integer({ min: -5_000, max: 200_000 }),
  agent: fc.constantFrom('one', 'two', null),
  key: fc.constantFrom(undefined, 'k1'),
  server: fc.constantFrom('weather', 'team/search', null),
  tools: fc.array(name, { maxLength: 2 }),
  status: fc.constantFrom(200, 202, 403, 499, 502),
  durationMs: fc.integer({ min: 0, max: 5_000 }),
  upstreamMs: fc.constantFrom(null, 3),
  verdict: fc.constantFrom('allowed', 'refused'),
  reason: fc.constantFrom(null, 'not_granted'),
  address: fc.constantFrom('127.0.0.1', '::1', 'unix:'),
  more: fc
    .record({
      prompts: fc.constantFrom('', ',"prompts":["a","b\\"]"]'),
      resources: fc.constantFrom('', ',"resources":["file:///a"]'),
      arguments: fc.string().map((text) => (text === '' ? '' : `,"arguments":${JSON.stringify(text)}`)),
      toolError: fc.constantFrom('', ',"toolError":true', ',"toolError":false'),
      result: fc.string().map((text) => (text === '' ? '' : `,"result":${JSON.stringify(text)}`)),
    })
    .map((members) => Object.values(members).join('')),
});

/** The rows of these lines, and how many lines were read and how many were broken. */
function read(lines: readonly string[], oldestMs = 0) {
  const grouping = createCallGrouping(NOW_MS, oldestMs);
  grouping.add(Buffer.from(lines.join('')));
  const { groups, broken } = grouping.result();
  const { counts, durations } = rollUp(groups, createCardinalityLimit());
  const sort = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();
  const count = groups.reduce((sum, group) => sum + group.lines, 0);
  return { groups: groups.length, lines: count, broken, counts: sort(counts), durations: sort(durations) };
}

test('lines grouped by their text result in the same counts as lines that are parsed one by one', () => {
  fc.assert(
    fc.property(
      fc.array(written, { minLength: 1, maxLength: 40 }),
      fc.constantFrom(0, NOW_MS - 100_000),
      (calls, oldest) => {
        const lines = calls.map(write);
        const { groups, ...quick } = read(lines, oldest);
        // A space that NGINX never writes: each line is parsed.
        const { groups: each, ...slow } = read(
          lines.map((line) => line.replace('{', '{ ')),
          oldest,
        );
        expect(quick).toEqual(slow);
        expect(each).toBe(slow.lines);
        expect(groups).toBeLessThanOrEqual(each);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('equal lines are one group for each minute', () => {
  const call: WrittenCall = {
    agoMs: 0,
    agent: 'one',
    server: 'weather',
    tools: ['echo'],
    status: 200,
    durationMs: 3,
    upstreamMs: 1,
    verdict: 'allowed',
    reason: null,
    address: '127.0.0.1',
  };
  const lines = Array.from({ length: 90 }, (_, n) => write({ ...call, agoMs: n * 1_000, durationMs: n }));
  expect(read(lines)).toMatchObject({ groups: 2, lines: 90, broken: 0 });
  expect(read([...lines, write({ ...call, status: 500 })])).toMatchObject({ groups: 3, lines: 91 });
});

test('recorded arguments and results do not form separate groups; tool failures do', () => {
  const call: WrittenCall = {
    agoMs: 0,
    agent: 'one',
    server: 'weather',
    tools: ['echo'],
    status: 200,
    durationMs: 3,
    upstreamMs: 1,
    verdict: 'allowed',
    reason: null,
    address: '127.0.0.1',
  };
  const recorded = (n: number, failed: boolean) =>
    write({
      ...call,
      key: 'k1',
      more: `,"prompts":["p${n}"],"resources":["file:///${n}"],"arguments":"{\\"n\\":${n}}","toolError":${failed},"result":"${n}"`,
    });
  const lines = Array.from({ length: 40 }, (_, n) => recorded(n, n % 2 === 0));
  expect(read(lines)).toMatchObject({ groups: 2, lines: 40, broken: 0 });
  const { regExp } = createLinePattern();
  for (const line of lines) {
    regExp.lastIndex = 0;
    expect(line).toMatch(regExp);
  }
});

test('a line that only looks valid is counted as broken each time', () => {
  const line = write({
    agoMs: 0,
    agent: 'one',
    server: null,
    tools: [],
    status: 200,
    durationMs: 3,
    upstreamMs: null,
    verdict: 'allowed',
    reason: null,
    address: '::1',
  });
  const broken = [
    line.replace('"legacy"', 'legacy'),
    line.replace('"status":200', '"status":009'),
    line.replace('"status":200', '"status":"200"'),
    line.replace('"allowed"', '"perhaps"'),
    line.replace('"bytesIn":10', '"bytesIn":010'),
    line.replace(/"time":\d+/, '"time":0'),
    line.replace('.030', '.000').replace(/"time":[\d.]+/, '"time":0.000'),
  ];
  for (const one of broken) expect(read([one, one, line]), one).toMatchObject({ lines: 1, broken: 2 });
});
