import { request, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { setUpPublisher, type PublisherSetup, type PublisherSetupOptions } from './set-up-publisher.ts';
import { startBackend } from './start-backend.ts';

let setup: PublisherSetup;
const endings: (() => unknown)[] = [];
async function begin(options: PublisherSetupOptions = {}): Promise<void> {
  setup = await setUpPublisher(options);
  await setup.publisher.start();
  await setup.startNginx();
  await setup.publisher.idle();
}
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await setup.close();
});

async function startStreams(): Promise<string> {
  const started = await startBackend('');
  started.server.removeAllListeners('request');
  started.server.on('request', (_request, reply) => {
    reply.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.write('data: hello\n\n');
  });
  endings.push(() => started.close());
  return started.url;
}

/** A stream that stays open; `isOpen` returns false when it is cut. */
async function openStream(path: string): Promise<{ isOpen: () => boolean }> {
  let open = true;
  const outgoing = request({ host: '127.0.0.1', port: setup.port, path, agent: false });
  endings.push(() => void outgoing.destroy());
  const end = () => (open = false);
  outgoing.on('error', end);
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });
  reply.on('close', end);
  await new Promise((resolve) => reply.once('data', resolve));
  return { isOpen: () => open };
}

describe('many changes at once', () => {
  it('cause few reloads, and every caller is notified when its own is live', async () => {
    await begin();
    const backend = await startBackend('here');
    endings.push(() => backend.close());
    const before = setup.published.length;
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const { server, revision } = await setup.register(`s${index}`, backend.url);
        const outcome = await setup.publisher.whenLive(revision, server.id);
        return { ...outcome, status: (await setup.get(`/s${index}/mcp`)).status };
      }),
    );
    expect(outcomes.every(({ applied, status }) => applied && status === 200)).toBe(true);
    expect(new Set(setup.published.slice(before)).size).toBeLessThanOrEqual(3);
  });
});

describe('workers that drain', () => {
  it("are at most four generations; then the oldest one's streams are ended and the others stay", async () => {
    await begin({ timing: { drainWaitMs: 300 } });
    const url = await startStreams();
    const { server, revision } = await setup.register('ticks', url);
    await setup.publisher.whenLive(revision);
    const streams: Awaited<ReturnType<typeof openStream>>[] = [];
    let last = server;
    for (let turn = 1; turn <= 5; turn += 1) {
      streams.push(await openStream('/ticks/mcp'));
      // Another port each time, and therefore another generation.
      const moved = await startStreams();
      const changed = await setup.change(last, { instances: [{ ...server.instances[0]!, url: moved }] });
      last = changed.server;
      expect(await setup.publisher.whenLive(changed.revision)).toMatchObject({ applied: true });
    }
    const { workers, draining } = await setup.publisher.workers();
    expect(draining).toBe(4);
    expect(new Set(workers.filter((worker) => worker.draining).map(({ generation }) => generation)).size).toBe(4);
    expect(workers.filter((worker) => worker.draining).every(({ sinceMs }) => sinceMs !== null)).toBe(true);
    await waitFor('the oldest stream was ended', () => !streams[0]!.isOpen());
    expect(streams.map((stream) => stream.isOpen())).toEqual([false, true, true, true, true]);
  });
});
