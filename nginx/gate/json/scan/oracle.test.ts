import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanBody, SCAN_LIMITS } from './index.ts';
import { describeResult, scanInLua } from './test/in-lua.ts';
import { arbitraryBody } from './test/arbitrary-body.ts';
import { judgeSlowly, listContents } from './test/oracle.ts';

const scan = (body: string) => scanBody(body, { ...SCAN_LIMITS, hashSeed: 7 });

const RUNS = Number(process.env['SCAN_RUNS'] ?? 4000);

test('generated bodies are judged as by JSON.parse and a check of every key', () => {
  fc.assert(
    fc.property(arbitraryBody, (body) => {
      const result = scan(body);
      const expected = judgeSlowly(body);
      if ('reason' in result) expect(expected).toContain(result.reason);
      else {
        expect(expected).toEqual([]);
        expect(result.messages.map((m) => [m.method, m.name, m.uri, m.version])).toEqual(listContents(body));
      }
    }),
    { numRuns: RUNS },
  );
});

test('an id is returned byte for byte', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.constantFrom('1.0', '1e2', '-0.0E-0')), (json) => {
      const id = Buffer.from(json).toString('latin1');
      const result = scan(`{"id": ${id} ,"method":"x"}`);
      expect(result.id).toBe(/^["\d-]/.test(json) ? id : undefined);
    }),
  );
});

test('luajit returns the same results for generated bodies', async () => {
  const bodies = fc.sample(arbitraryBody, RUNS);
  const { results } = await scanInLua(bodies, 7);
  bodies.forEach((body, i) => expect(results[i]?.line, JSON.stringify(body)).toBe(describeResult(scan(body))));
});
