import { expect } from 'vitest';
import type { LoadReport } from './load.ts';
import type { StandingStream } from './open-stream.ts';

/** Throws, with the lost calls, unless every call was answered with its own result. */
export function expectNothingLost(report: LoadReport, atLeast = 1): void {
  expect(report, 'calls that were not answered').toMatchObject({ failures: [], outcomes: { 200: report.calls } });
  expect(report.calls, 'a load without calls proves nothing').toBeGreaterThanOrEqual(atLeast);
}

/** Throws unless the streams are open and every tick since their beginning has arrived, once and in order. */
export function expectNothingCut(streams: readonly StandingStream[]): void {
  for (const [index, stream] of streams.entries()) {
    expect(stream.ended(), `stream ${index} was ended`).toBeNull();
    const ticks = stream.ticks();
    expect(ticks, `ticks of stream ${index}`).toEqual(ticks.map((_, at) => at + 1));
    expect(ticks.length).toBeGreaterThan(0);
  }
}
