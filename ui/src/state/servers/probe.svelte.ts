import { explainInstanceUrl, type ProbeResult } from '@mcpgw/registry/contract';
import { explain } from '../../lib/api/api-error.ts';
import { probe } from '../../lib/api/registry-api.ts';

const PAUSE_MS = 450;

/** Looks at a URL while somebody types it: once typing pauses, never two at a time, an outdated answer dropped. */
export class Probe {
  phase = $state<'idle' | 'looking' | 'found' | 'failed'>('idle');
  found = $state.raw<ProbeResult | null>(null);
  failure = $state('');
  /** What is wrong with the URL itself, or null. */
  complaint = $state<string | null>(null);

  /** Looks at `url`; gives what calls it off, for an effect. */
  look(url: string, headers: Record<string, string>, hostMode: 'upstream' | 'public'): () => void {
    const looking = new AbortController();
    this.found = null;
    this.complaint = url === '' ? null : explainInstanceUrl(url);
    if (url === '' || this.complaint !== null) {
      this.phase = 'idle';
      return () => undefined;
    }
    this.phase = 'looking';
    const timer = setTimeout(() => void this.#ask({ url, headers, hostMode }, looking.signal), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      looking.abort();
    };
  }

  async #ask(
    target: { url: string; headers: Record<string, string>; hostMode: 'upstream' | 'public' },
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const found = await probe(target, signal);
      if (signal.aborted) return;
      this.found = found;
      this.phase = 'found';
    } catch (error) {
      if (signal.aborted) return;
      this.failure = explain(error);
      this.phase = 'failed';
    }
  }
}
