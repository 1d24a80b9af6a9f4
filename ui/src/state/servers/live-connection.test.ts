// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { live } from './live-connection.svelte.ts';
import { servers } from './servers.svelte.ts';

/** A socket that stays silent: its closing handshake never ends. */
class SilentSocket {
  static readonly OPEN = 1;
  readonly readyState = 1;
  isClosed = false;
  onopen?: () => void;
  onclose?: () => void;
  onmessage?: (event: { data: string }) => void;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    sockets.push(this);
  }
  deliver(seq: number): void {
    this.onmessage?.({ data: JSON.stringify({ seq, type: 'heartbeat' }) });
  }
  close(): void {
    this.isClosed = true;
  }
}
const sockets: SilentSocket[] = [];
const newest = (): SilentSocket => sockets.at(-1)!;
const STEP_MS = 10;

/** Advances time until another socket is opened; returns how long that took. */
async function awaitSocket(): Promise<number> {
  const [before, began] = [sockets.length, Date.now()];
  while (sockets.length === before && Date.now() - began < 60_000) await vi.advanceTimersByTimeAsync(STEP_MS);
  return Date.now() - began;
}

beforeEach(() => {
  vi.useFakeTimers();
  // The middle of the jitter, 0.9.
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  vi.stubGlobal('WebSocket', SilentSocket);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
  document.head.innerHTML = '<base href="https://gw.example/ui/">';
  servers.replaceAll([]);
  live.start();
});
afterEach(() => {
  live.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('abandons a silent socket, and resumes by the sequence number of the last message', async () => {
  const first = newest();
  expect(new URL(first.url).searchParams.has('since')).toBe(false);
  first.deliver(7);
  expect(live.phase).toBe('live');
  await vi.advanceTimersByTimeAsync(15_000);
  expect([live.phase, first.isClosed]).toEqual(['offline', true]);
  expect(newest()).not.toBe(first);
  expect(new URL(newest().url).searchParams.get('since')).toBe('7');
  // Later messages of the abandoned socket are ignored.
  first.deliver(99);
  expect(live.phase).toBe('offline');
  newest().deliver(8);
  expect([live.phase, live.lostAtMs]).toEqual(['live', null]);
});

it('backs off after each failed connection, up to ten seconds, and resets after a successful one', async () => {
  newest().deliver(1);
  const delays: number[] = [];
  for (let failed = 0; failed < 7; failed += 1) {
    newest().onclose?.();
    delays.push(await awaitSocket());
  }
  expect(delays).toEqual([360, 720, 1_440, 2_880, 5_760, 9_000, 9_000]);
  newest().deliver(2);
  newest().onclose?.();
  expect(await awaitSocket()).toBe(360);
});
