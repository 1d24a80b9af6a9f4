import { explainInstanceUrl, type ProbeResponse } from '@mcpgw/registry/contract';
import { errorMessage } from '../../lib/api/api-error.ts';
import { probe } from '../../lib/api/registry-api.ts';

const DEBOUNCE_MS = 450;

/** Probes a URL while it is typed: debounced, one request at a time, outdated responses are ignored. */
export class Probe {
  phase = $state<'idle' | 'running' | 'done' | 'failed'>('idle');
  result = $state.raw<ProbeResponse | null>(null);
  error = $state('');
  /** Why the URL is invalid, or null. */
  urlError = $state<string | null>(null);

  /** Probes `url`; returns a function that cancels it, for an effect. */
  start(url: string, headers: Record<string, string>, hostMode: 'upstream' | 'public'): () => void {
    const controller = new AbortController();
    this.result = null;
    this.urlError = url === '' ? null : explainInstanceUrl(url);
    if (url === '' || this.urlError !== null) {
      this.phase = 'idle';
      return () => undefined;
    }
    this.phase = 'running';
    const timer = setTimeout(() => void this.#run({ url, headers, hostMode }, controller.signal), DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }

  async #run(
    target: { url: string; headers: Record<string, string>; hostMode: 'upstream' | 'public' },
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const result = await probe(target, signal);
      if (signal.aborted) return;
      this.result = result;
      this.phase = 'done';
    } catch (error) {
      if (signal.aborted) return;
      this.error = errorMessage(error);
      this.phase = 'failed';
    }
  }
}
