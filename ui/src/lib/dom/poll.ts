import { untrack } from 'svelte';

/**
 * Runs `load` now, and again `everyMs` after it has ended, so that slow requests never overlap. Polling pauses while the page is hidden and
 * resumes immediately when it is shown again. `load` handles its own errors. Returns a function that stops it, for an effect.
 */
export function poll(everyMs: number, load: () => Promise<unknown>): () => void {
  const stop = new AbortController();
  const hasStopped = () => stop.signal.aborted;
  let isLoading = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function run(): Promise<void> {
    clearTimeout(timer);
    if (hasStopped() || isLoading || document.hidden) return;
    isLoading = true;
    try {
      await load();
    } finally {
      isLoading = false;
      if (!hasStopped()) timer = setTimeout(() => void run(), everyMs);
    }
  }
  const onVisible = (): void => void run();
  document.addEventListener('visibilitychange', onVisible, { signal: stop.signal });
  // State that `load` reads must not become a dependency of the effect that starts polling.
  untrack(() => void run());
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}
