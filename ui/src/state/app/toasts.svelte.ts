import type { Tone } from '../../lib/servers/status-labels.ts';

export interface Toast {
  id: number;
  tone: Tone;
  text: string;
  detail?: string;
  action?: { label: string; run: () => void };
}

const LASTS_MS = { plain: 5_000, action: 10_000, bad: 12_000 };

/** Short messages at the edge of the screen, also read out. One with an undo stays ten seconds, longer while it is pointed at. */
class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Shows a toast; gives its id, for `close`. */
  show(toast: Omit<Toast, 'id'>): number {
    const id = this.#next++;
    this.list = [...this.list.slice(-3), { ...toast, id }];
    this.resume(id);
    return id;
  }

  /** Stops the clock of a toast that somebody reads. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Starts its clock (again). */
  resume(id: number): void {
    const toast = this.list.find((known) => known.id === id);
    if (!toast) return;
    this.hold(id);
    const ms = toast.tone === 'bad' ? LASTS_MS.bad : toast.action ? LASTS_MS.action : LASTS_MS.plain;
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), ms),
    );
  }

  close(id: number): void {
    this.hold(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
