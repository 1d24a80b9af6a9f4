import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { waitFor } from '../../wait-for.ts';
import { callOnce, type Outcome } from './call-once.ts';

export interface LoadOptions {
  /** The gateway, for example http://127.0.0.1:8080. */
  url: string;
  /** Path of the server that is called, without a leading slash. */
  path: string;
  key: string;
  /** PEM certificate of the authority of an https gateway. */
  ca?: string;
  /** Keep-alive connections, each with one call at a time. Default 8. */
  connections?: number;
  /** Between a response and the next call of a connection; default 0, which uses all of the machine. */
  pauseMs?: number;
  /** The load ends by itself after this many calls or this time, whatever the test does. */
  maxCalls?: number;
  maxMs?: number;
}

export interface LoadReport {
  calls: number;
  /** Calls by outcome: `200`, `503 unreachable` (status and the gate's reason), `broken ECONNRESET`, `wrong answer`. */
  outcomes: Record<string, number>;
  /** The first of those that were not 200, with the time of sending (ms since the start) and their duration. */
  failures: { outcome: string; atMs: number; tookMs: number; isReused: boolean }[];
  connectionsOpened: number;
  longestMs: number;
  /** The longest time between two responses on any connection. */
  longestPauseMs: number;
}

/** MCP calls that continue until they are stopped. */
export interface Load {
  report: () => LoadReport;
  /** Waits until `more` calls have been answered with 200 from now on. */
  answers: (more: number, limitMs?: number) => Promise<void>;
  /** Waits for the calls in progress; throws nothing. */
  stop: () => Promise<LoadReport>;
}

const MAX_FAILURES = 20;

/**
 * Calls a tool over keep-alive connections as fast as responses arrive, and counts every call by its outcome. It never repeats a call, so that
 * a lost call is detected.
 */
export function startLoad(options: LoadOptions): Load {
  const { connections = 8, pauseMs = 0, maxCalls = 1_000_000, maxMs = 180_000 } = options;
  const startedAt = performance.now();
  const report: LoadReport = {
    calls: 0,
    outcomes: {},
    failures: [],
    connectionsOpened: 0,
    longestMs: 0,
    longestPauseMs: 0,
  };
  let stopped = false;

  function count(outcome: Outcome, sentAt: number): void {
    const tookMs = Math.round(performance.now() - sentAt);
    report.outcomes[outcome.text] = (report.outcomes[outcome.text] ?? 0) + 1;
    report.longestMs = Math.max(report.longestMs, tookMs);
    if (!outcome.isReused) report.connectionsOpened += 1;
    if (outcome.text !== '200' && report.failures.length < MAX_FAILURES)
      report.failures.push({
        outcome: outcome.text,
        atMs: Math.round(sentAt - startedAt),
        tookMs,
        isReused: outcome.isReused,
      });
  }

  async function run(): Promise<void> {
    // One agent each: connections of a shared one would take turns.
    const own = { keepAlive: true, maxSockets: 1 };
    const agent = options.ca === undefined ? new Agent(own) : new HttpsAgent({ ...own, ca: options.ca });
    let answeredAt = performance.now();
    while (!stopped && report.calls < maxCalls && performance.now() - startedAt < maxMs) {
      report.calls += 1;
      const sentAt = performance.now();
      const outcome = await callOnce(agent, options, report.calls);
      count(outcome, sentAt);
      report.longestPauseMs = Math.max(report.longestPauseMs, Math.round(performance.now() - answeredAt));
      answeredAt = performance.now();
      // Refusals arrive at once: a closed loop of them would only use the CPU.
      if (pauseMs > 0 || outcome.text !== '200') await wait(Math.max(pauseMs, outcome.text === '200' ? 0 : 5));
    }
    agent.destroy();
  }

  let hasEnded = false;
  const running = Promise.all(Array.from({ length: connections }, run)).finally(() => (hasEnded = true));
  const good = () => report.outcomes['200'] ?? 0;
  return {
    report: () => structuredClone(report),
    async answers(more, limitMs) {
      const target = good() + more;
      const found = await waitFor(
        `${more} more responses`,
        () => (good() >= target ? 'here' : hasEnded && 'the load has ended by itself: give it more calls or time'),
        limitMs,
      );
      if (found !== 'here') throw new Error(found);
    },
    async stop() {
      stopped = true;
      await running;
      return report;
    },
  };
}
