import type { CDPSession, Page } from 'playwright-core';
import { openPage, startBrowser } from '../../../test/e2e/support/open-browser.ts';
import { logIn } from '../../../test/e2e/support/log-in.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { startSweptGateway } from '../../backends/start-swept-gateway.ts';
import { withClosers } from '../../measure/closers.ts';
import type { Bench } from '../../measure/report/report.ts';
import { readTaskTimes } from '../../measure/task-time.ts';
import { median, percentile, showSpread } from '../../measure/statistics.ts';

const SERVERS = 1_000;
const SWEEP_S = 15;
const LOADS = 7;
const BARS = { firstRowsMs: 1_000, nodes: 3_000, eventMs: 1, taskMs: 50 };
const QUERY = 'team-7/s1';

/** Runs in the page before its own scripts: records when the first row appears, and the long tasks. */
const OBSERVE = `
  window.bench = { firstRowMs: null, tasks: [] };
  new PerformanceObserver((list) => window.bench.tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask', buffered: true });
  new MutationObserver((_, observer) => {
    if (!document.querySelector('[role=table] [role=rowheader]')) return;
    observer.disconnect();
    requestAnimationFrame(() => (window.bench.firstRowMs = performance.now()));
  }).observe(document, { childList: true, subtree: true });`;

interface Observed {
  firstRowMs: number | null;
  tasks: number[];
}
const observed = (page: Page): Promise<Observed> =>
  page.evaluate(() => (globalThis as unknown as { bench: Observed }).bench);
const forgetTasks = (page: Page): Promise<void> =>
  page.evaluate(() => void ((globalThis as unknown as { bench: Observed }).bench.tasks = []));
const countNodes = (page: Page): Promise<number> => page.evaluate<number>(`document.querySelectorAll('*').length`);

async function readTaskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
}

/** The list with a thousand servers, in a real browser. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const gateway = defer(await startSweptGateway({ count: SERVERS, tools: 5, everyS: SWEEP_S }));
    await waitFor('a whole sweep', async () => (await gateway.awaitSweep()) !== null, 180_000);
    const browser = defer(await startBrowser());
    const { page, context } = await openPage(browser);
    let frames = 0;
    page.on('websocket', (socket) => socket.on('framereceived', () => void (frames += 1)));
    await logIn(page, gateway);
    await context.addInitScript({ content: OBSERVE });

    const firstRowsMs: number[] = [];
    for (let load = 0; load < LOADS; load += 1) {
      await page.goto(`${gateway.url}/ui/servers`);
      firstRowsMs.push(await waitFor('the first row', async () => (await observed(page)).firstRowMs));
    }
    await page.getByText('Live', { exact: true }).waitFor();
    const nodes = [await countNodes(page)];

    await forgetTasks(page);
    const search = page.getByLabel('Search servers, tags and tools');
    await search.focus();
    const typingCpu = await readTaskTimes(browser, page, async () => {
      await page.keyboard.type(QUERY, { delay: 120 });
      await page.keyboard.press('Escape');
    });
    nodes.push(await countNodes(page));
    const typing = (await observed(page)).tasks;

    await forgetTasks(page);
    await page.mouse.move(600, 600);
    const scrollingCpu = await readTaskTimes(browser, page, async () => {
      for (let step = 0; step < 120; step += 1) {
        await page.mouse.wheel(0, step < 60 ? 700 : -700);
        await page.waitForTimeout(30);
        if (step % 20 === 0) nodes.push(await countNodes(page));
      }
    });
    const scrolling = (await observed(page)).tasks;

    // A sweep changes every server; each change is one message.
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    await page.mouse.move(5, 5);
    await gateway.awaitSweep();
    const [taskBefore, framesBefore] = [await readTaskMs(session), frames];
    await gateway.awaitSweep();
    const events = frames - framesBefore;
    const eventMs = ((await readTaskMs(session)) - taskBefore) / Math.max(1, events);

    const worst = (tasks: number[]): number => Math.max(0, ...tasks);
    const showTasks = (tasks: number[]): string =>
      tasks.length === 0 ? 'none' : `${tasks.length}, longest ${worst(tasks).toFixed(0)} ms`;
    const most = Math.max(...nodes);
    const first = percentile(firstRowsMs, 0.95);
    return {
      title: `The UI with ${SERVERS} servers`,
      method: `The whole gateway with ${SERVERS} light servers that are checked every ${SWEEP_S} s, Chromium without a GPU on the same cores. First rows: from the navigation to the frame that shows them, ${LOADS} loads. Typing: ${JSON.stringify(QUERY)} into the search, then Escape; scrolling: 42,000 pixels down and up with the wheel. A long task takes 50 ms or more as reported by the browser: wall time, which grows with the machine's load; CPU time is that of the main thread in one task. Main thread per event: all tasks of the page during one sweep, divided by the number of messages that it received.`,
      columns: ['', 'measured'],
      rows: [
        ['first rows, ms', showSpread(firstRowsMs, 0)],
        ['DOM nodes, maximum', String(most)],
        ['long tasks while typing', showTasks(typing)],
        ['long tasks while scrolling', showTasks(scrolling)],
        ['longest task by CPU time, ms: typing', worst(typingCpu).toFixed(0)],
        ['longest task by CPU time, ms: scrolling', worst(scrollingCpu).toFixed(0)],
        [`main thread per event (${events} events), ms`, eventMs.toFixed(2)],
      ],
      bars: [
        {
          what: 'first rows, p95',
          bar: `≤ ${BARS.firstRowsMs} ms`,
          value: `${first.toFixed(0)} ms (median ${median(firstRowsMs).toFixed(0)})`,
          met: first <= BARS.firstRowsMs,
        },
        { what: 'DOM nodes', bar: `≤ ${BARS.nodes}`, value: String(most), met: most <= BARS.nodes },
        {
          what: 'typing and scrolling, longest task',
          bar: `< ${BARS.taskMs} ms`,
          value: showTasks([...typing, ...scrolling]),
          met: worst([...typing, ...scrolling]) < BARS.taskMs,
        },
        {
          what: 'main thread per event',
          bar: `≤ ${BARS.eventMs} ms`,
          value: `${eventMs.toFixed(2)} ms`,
          met: events > 0 && eventMs <= BARS.eventMs,
        },
      ],
    };
  });
