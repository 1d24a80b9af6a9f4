import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanBody, SCAN_LIMITS } from './index.ts';
import { describeResult, scanInLua } from './test/in-lua.ts';
import { madeUpBody } from './test/made-up.ts';
import { judgeSlowly, listAsked } from './test/oracle.ts';

const scan = (body: string) => scanBody(body, { ...SCAN_LIMITS, hashSeed: 7 });

const RUNS = Number(process.env['SCAN_RUNS'] ?? 4000);

test('made-up bodies are judged as by JSON.parse and a look at every key', () => {
  fc.assert(
    fc.property(madeUpBody, (body) => {
      const result = scan(body);
      const expected = judgeSlowly(body);
      if ('reason' in result) expect(expected).toContain(result.reason);
      else {
        expect(expected).toEqual([]);
        expect(result.messages.map((m) => [m.method, m.name, m.uri, m.version])).toEqual(listAsked(body));
      }
    }),
    { numRuns: RUNS },
  );
});

test('an id comes back byte for byte', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.constantFrom('1.0', '1e2', '-0.0E-0')), (json) => {
      const id = Buffer.from(json).toString('latin1');
      const result = scan(`{"id": ${id} ,"method":"x"}`);
      expect(result.id).toBe(/^["\d-]/.test(json) ? id : undefined);
    }),
  );
});

test('luajit says the same of made-up bodies', async () => {
  const bodies = fc.sample(madeUpBody, RUNS);
  const { results } = await scanInLua(bodies, 7);
  bodies.forEach((body, i) => expect(results[i]?.line, JSON.stringify(body)).toBe(describeResult(scan(body))));
});
