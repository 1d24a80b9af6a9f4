import { afterEach, expect, test, vi } from 'vitest';
import { freeBody, readBody } from './read-body.ts';

const clock = vi.hoisted(() => ({ nowS: 1_000 }));
vi.mock('platform/system', () => ({
  platform: { now: () => clock.nowS, readFile: () => ['large'], stepCollector: () => undefined },
}));
afterEach(() => {
  vi.unstubAllGlobals();
});

test('after a large body the worker serves others, as long as it took at most, before it judges the next one; bodies in memory do not wait', () => {
  const slept: number[] = [];
  vi.stubGlobal('GATE_SETTINGS', { maxBodyBytes: 4_000_000 });
  const stand = { inMemory: undefined as string | undefined };
  vi.stubGlobal('ngx', {
    req: { read_body: () => undefined, get_body_data: () => stand.inMemory, get_body_file: () => '/body' },
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
  stand.inMemory = 'small';
  judge(0, 1);
  expect(slept).toEqual([]);
  stand.inMemory = undefined;
  judge(0.002, 400);
  expect(slept).toEqual([expect.closeTo(0.01)]);
  judge(0.1, 4_000);
  expect(slept).toEqual([expect.closeTo(0.01), expect.closeTo(0.002)]);
  clock.nowS += 0.0097;
  readBody();
  // NGINX takes less for nothing, and its clock would stand still.
  expect(slept.slice(2)).toEqual([0.001]);
  judge(0.1, 4_000);
  clock.nowS -= 3_600;
  readBody();
  expect(slept).toHaveLength(3);
});
