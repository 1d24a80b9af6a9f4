import { untrack } from 'svelte';

/**
 * Runs `ask` now, and again `everyMs` after it has ended: a slow answer is never overtaken by the next question. While the page is hidden
 * it waits, and asks at once when it is shown again. `ask` handles its own errors. Returns a function that stops it, for an effect.
 */
export function poll(everyMs: number, ask: () => Promise<unknown>): () => void {
  const stop = new AbortController();
  const hasStopped = () => stop.signal.aborted;
  let isAsking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function run(): Promise<void> {
    clearTimeout(timer);
    if (hasStopped() || isAsking || document.hidden) return;
    isAsking = true;
    try {
      await ask();
    } finally {
      isAsking = false;
      if (!hasStopped()) timer = setTimeout(() => void run(), everyMs);
    }
  }
  const onVisible = (): void => void run();
  document.addEventListener('visibilitychange', onVisible, { signal: stop.signal });
  // What the question reads is no dependency of an effect that begins it.
  untrack(() => void run());
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}
