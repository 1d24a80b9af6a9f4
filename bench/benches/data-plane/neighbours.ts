import { Agent, request } from 'node:http';
import { hostileBodies } from '../../../nginx/gate/json/scan/test/hostile.ts';
import { callBody } from '../../../test/support/nginx/ask.ts';
import { SYSTEM_NGINX } from '../../../test/support/nginx/nginx-kinds.ts';
import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { startStaticUpstream } from '../../backends/plain-nginx.ts';
import { startBenchGate } from '../../backends/start-bench-gate.ts';
import { openSession } from '../../backends/start-bench-gateway.ts';
import { withClosers } from '../../measure/closers.ts';
import { readCpuTimeUs } from '../../measure/cpu-time.ts';
import { listProcessTree, sumPssMb } from '../../measure/pss.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, percentile } from '../../measure/statistics.ts';

const TEXT_BYTES = 4_000_000;
const ROUNDS = 3;
const AT_ONCE = 4;
const WORKERS = 2;
/** How often the other agent calls. */
const EVERY_MS = 4;
const SHOWN = 8;
const CPU_BAR_MS = 150;
const P99_BAR_MS = 200;
const MEMORY_BAR_MB = 24;

interface Sender {
  url: string;
  headers: Record<string, string>;
  agent: Agent;
}

/** Sends a body and reads the whole response; the status is that of the gate or the backend. */
function send({ url, headers, agent }: Sender, body: Buffer | string): Promise<number> {
  return new Promise((resolve, reject) => {
    const type = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
    const sent = request(url, { method: 'POST', agent, headers: { ...type, ...headers } }, (reply) => {
      reply.resume().on('error', reject);
      reply.on('end', () => resolve(reply.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Response times of calls that begin, one every few milliseconds, while something runs. */
async function timeCallsDuring(caller: Sender, running: Promise<unknown>): Promise<number[]> {
  const calls: Promise<number>[] = [];
  const call = async () => {
    const began = performance.now();
    const status = await send(caller, callBody('echo'));
    if (status !== 200) throw new Error(`a call during large bodies was answered ${status}`);
    return performance.now() - began;
  };
  const timer = setInterval(() => calls.push(call()), EVERY_MS);
  try {
    await running;
  } finally {
    clearInterval(timer);
  }
  return Promise.all(calls);
}

/** Cost of hostile bodies of up to 4 MB for a worker, and for another agent that calls meanwhile. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const [upstreamPort = 0] = await findFreePorts(1);
    defer(await startStaticUpstream(upstreamPort));
    const { gate, url, headers, workers } = defer(
      await startBenchGate(SYSTEM_NGINX, upstreamPort, { workers: WORKERS }),
    );
    const key = gate.access.addAgent('neighbour');
    const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })] as const;
    defer({
      close() {
        for (const agent of agents) agent.destroy();
        return Promise.resolve();
      },
    });
    const hostile = { url, headers, agent: agents[0] };
    const caller = { url, headers: await openSession(url, { Authorization: `Bearer ${key}` }), agent: agents[1] };
    const bodies = hostileBodies(TEXT_BYTES).map(({ name, body }) => ({ name, body: Buffer.from(body, 'latin1') }));
    const alone = await timeCallsDuring(caller, new Promise((resolve) => setTimeout(resolve, 2_000)));
    const before = sumPssMb(listProcessTree(gate.nginx.pid));
    const found: { name: string; cpuMs: number; calls: number[] }[] = [];
    for (const { name, body } of bodies) {
      const [cpu, calls]: [number[], number[]] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1) {
        const cpuBefore = readCpuTimeUs(workers());
        await send(hostile, body);
        cpu.push((readCpuTimeUs(workers()) - cpuBefore) / 1_000);
        const four = Promise.all(Array.from({ length: AT_ONCE }, () => send(hostile, body)));
        calls.push(...(await timeCallsDuring(caller, four)));
      }
      found.push({ name, cpuMs: median(cpu), calls });
    }
    const more = sumPssMb(listProcessTree(gate.nginx.pid)) - before;
    const all = found.flatMap(({ calls }) => calls);
    const p99 = percentile(all, 0.99);
    const worst = [...found].sort((one, other) => other.cpuMs - one.cpuMs);
    const most = worst[0]?.cpuMs ?? 0;
    return {
      title: 'Neighbours of hostile bodies',
      method: `The gate without a registry, NGINX of the system with ${WORKERS} workers, static upstream. ${bodies.length} bodies of up to 4 MB that are as expensive as possible (nginx/gate/json/scan/test/hostile.ts), each ${ROUNDS} times alone, for the CPU time of the workers, then ${AT_ONCE} at once; another agent begins a call every ${EVERY_MS} ms meanwhile, all clients in one Node process. The ${SHOWN} most expensive ones are shown.`,
      columns: ['body', 'CPU ms of a worker', 'calls during four, p50 ms', 'longest, ms'],
      rows: [
        ['none', '', percentile(alone, 0.5).toFixed(1), Math.max(...alone).toFixed(1)],
        ...worst
          .slice(0, SHOWN)
          .map(({ name, cpuMs, calls }) => [
            name,
            cpuMs.toFixed(0),
            percentile(calls, 0.5).toFixed(1),
            Math.max(...calls).toFixed(1),
          ]),
      ],
      bars: [
        {
          what: 'maximum CPU of a worker for a body',
          bar: `≤ ${CPU_BAR_MS} ms`,
          value: `${most.toFixed(0)} ms`,
          met: most <= CPU_BAR_MS,
        },
        {
          what: `p99 of another agent during four bodies at once, all ${bodies.length} bodies`,
          bar: `≤ ${P99_BAR_MS} ms`,
          value: `${p99.toFixed(0)} ms`,
          met: p99 <= P99_BAR_MS,
        },
        {
          what: 'growth of the memory of NGINX afterwards',
          bar: `≤ ${MEMORY_BAR_MB} MB`,
          value: `${more.toFixed(1)} MB`,
          met: more <= MEMORY_BAR_MB,
        },
      ],
      notes: [`p99 of ${alone.length} calls without them: ${percentile(alone, 0.99).toFixed(1)} ms.`],
    };
  });
