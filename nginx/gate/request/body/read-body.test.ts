import { afterEach, expect, test, vi } from 'vitest';
import { freeBody, readBody } from './read-body.ts';

const clock = vi.hoisted(() => ({ nowS: 1_000 }));
vi.mock('platform/system', () => ({
  platform: { now: () => clock.nowS, readFile: () => ['large'], stepCollector: () => undefined },
}));
afterEach(() => {
  vi.unstubAllGlobals();
});

test('before the next large body there is a pause, no longer than the last one took; bodies in memory do not wait', () => {
  const slept: number[] = [];
  vi.stubGlobal('GATE_SETTINGS', { maxBodyBytes: 4_000_000 });
  const body = { inMemory: undefined as string | undefined };
  vi.stubGlobal('ngx', {
    req: { read_body: () => undefined, get_body_data: () => body.inMemory, get_body_file: () => '/body' },
    update_time: () => undefined,
    sleep(seconds: number) {
      slept.push(seconds);
      clock.nowS += seconds;
    },
  });
  const judge = (tookS: number, garbageKb: number) => {
    readBody();
    clock.nowS += tookS;
    freeBody(garbageKb);
  };
  judge(0.1, 10);
  judge(0.1, 4_000);
  expect(slept).toEqual([]);
  body.inMemory = 'small';
  judge(0, 1);
  expect(slept).toEqual([]);
  body.inMemory = undefined;
  judge(0.002, 400);
  expect(slept).toEqual([expect.closeTo(0.01)]);
  judge(0.1, 4_000);
  expect(slept).toEqual([expect.closeTo(0.01), expect.closeTo(0.002)]);
  clock.nowS += 0.0097;
  readBody();
  // NGINX treats less as 0, and its clock would not advance.
  expect(slept.slice(2)).toEqual([0.001]);
  judge(0.1, 4_000);
  clock.nowS -= 3_600;
  readBody();
  expect(slept).toHaveLength(3);
});
