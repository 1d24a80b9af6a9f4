import { afterEach, expect, test } from 'vitest';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { createAccessModel, STEADY } from './access-model.ts';
import { startRecords, type Line, type RunningRecords } from './start-records.ts';

let running: RunningRecords | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** Queries what never changes until it is stopped; a key that is always refused must never pass, whatever changes meanwhile. */
function startLoad(line: Line) {
  const state = { stopped: false };
  let queries = 0;
  const wrong: string[] = [];
  const done = (async () => {
    for (; !state.stopped; queries += 1) {
      const answer = await line.ask(`ask ${STEADY.no} ${STEADY.server}`);
      if (answer === 'yes') wrong.push(answer);
      await line.ask(`ask ${STEADY.yes} ${STEADY.server}`);
    }
  })();
  return {
    async stop() {
      state.stopped = true;
      await done;
      return { queries, wrong };
    },
  };
}

const CASES = NGINX_KINDS.flatMap((kind, n) => [
  { kind, inotify: true, changes: n === 0 ? 10_000 : 3_000 },
  { kind, inotify: false, changes: 1_500 },
]);

test.each(CASES)(
  '$kind.name, inotify $inotify: $changes random changes take effect on the next query, in every worker',
  async ({ kind, inotify, changes }) => {
    const gate = await startRecords({ kind, inotify });
    running = gate;
    const model = createAccessModel(gate.accessDir);
    const lines = await gate.openLines();
    const loads = (await gate.openLines()).map(startLoad);
    const wrong: string[] = [];

    for (let step = 0; step < changes; step += 1) {
      // Twice: earlier connections remain at workers that are shutting down.
      if (step === Math.floor(changes / 4) || step === Math.floor(changes / 2)) {
        gate.reload();
        lines.push(...(await gate.openLines(lines.map((line) => line.pid))));
      }
      const question = model.change(step);
      const expected = model.expect(...question);
      const answers = await Promise.all(lines.map((line) => line.ask(`ask ${question.join(' ')}`)));
      for (const [n, answer] of answers.entries())
        if (answer !== expected) wrong.push(`step ${step}, worker ${n}: ${answer} instead of ${expected}`);
    }

    expect(wrong).toEqual([]);
    const stats = await Promise.all(lines.map(async (line) => (await line.ask('stats')).split(' ')));
    expect(stats.map(([mode]) => mode)).toEqual(Array(6).fill(inotify ? 'inotify' : 'stat'));
    expect(stats.map((one) => one[4])).toEqual(['true', 'true', 'true', 'true', 'false', 'false']);
    // The first two workers saw every flood.
    if (inotify) for (const one of stats.slice(0, 2)) expect(Number(one[1])).toBeGreaterThan(0);
    for (const load of await Promise.all(loads.map((one) => one.stop()))) {
      expect(load.queries).toBeGreaterThan(changes / 10);
      expect(load.wrong).toEqual([]);
    }
    for (const line of lines) line.close();
  },
  600_000,
);
