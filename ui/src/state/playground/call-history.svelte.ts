import { SvelteMap } from 'svelte/reactivity';
import type { Outcome } from './playground.svelte.ts';

export interface PastCall {
  at: string;
  agent: string;
  value: unknown;
  outcome: Outcome;
}

const MAX_CALLS = 20;

/** The calls of this visit by tool, resource or prompt, newest first. In memory only: arguments may be secret. */
class CallHistory {
  readonly #calls = new SvelteMap<string, readonly PastCall[]>();

  of(id: string): readonly PastCall[] {
    return this.#calls.get(id) ?? [];
  }

  add(id: string, call: PastCall): void {
    this.#calls.set(id, [call, ...this.of(id)].slice(0, MAX_CALLS));
  }
}

export const callHistory = new CallHistory();
