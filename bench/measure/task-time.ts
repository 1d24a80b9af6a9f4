import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** CPU time of the thread, in µs. */
  tdur?: number;
}

/** A task of any thread's message loop, in the category `toplevel`. */
const TASK = 'ThreadControllerImpl::RunTask';
/** The main thread of a page is the one that runs its scripts and lays it out. */
const OF_PAGES = new Set(['FunctionCall', 'Layout', 'UpdateLayoutTree']);

/**
 * CPU time of the tasks of a page's main thread while `act` runs, in ms, longest first. Long tasks as a browser reports them are wall time,
 * which grows with the load of the machine; this does not.
 */
export async function readTaskTimes(browser: Browser, page: Page, act: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: ['-*', 'toplevel', 'devtools.timeline'] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const counts = new Map<string, number>();
  for (const event of traceEvents)
    if (OF_PAGES.has(event.name)) counts.set(threadOf(event), (counts.get(threadOf(event)) ?? 0) + 1);
  const [main] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  const tasks = traceEvents.filter((event) => event.name === TASK && threadOf(event) === main);
  if (tasks.length === 0)
    throw new Error(`the trace has no ${TASK} of the page: this browser uses another name for its tasks`);
  return tasks.map(({ tdur = 0 }) => tdur / 1_000).sort((a, b) => b - a);
}
