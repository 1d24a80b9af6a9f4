import { untrack } from 'svelte';

/**
 * Runs `ask` now, and again `everyMs` after it has ended: a slow answer is never overtaken by the next question. While the page is hidden
 * it waits, and asks at once when it is shown again. `ask` handles its own errors. Returns a function that stops it, for an effect.
 */
export function poll(everyMs: number, ask: () => Promise<unknown>): () => void {
  const state = { isStopped: false, isAsking: false };
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function run(): Promise<void> {
    clearTimeout(timer);
    if (state.isStopped || state.isAsking || document.hidden) return;
    state.isAsking = true;
    try {
      await ask();
    } finally {
      state.isAsking = false;
      if (!state.isStopped) timer = setTimeout(() => void run(), everyMs);
    }
  }
  const onVisible = (): void => void run();
  document.addEventListener('visibilitychange', onVisible);
  // What the question reads is no dependency of an effect that begins it.
  untrack(() => void run());
  return () => {
    state.isStopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
