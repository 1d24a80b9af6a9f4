import type { Tone } from '../../lib/servers/status-labels.ts';

export interface Toast {
  id: number;
  tone: Tone;
  text: string;
  detail?: string;
  action?: { label: string; run: () => void };
}

const DURATION_MS = { plain: 5_000, action: 10_000, bad: 12_000 };

/** Notifications. Toasts with an action stay ten seconds; hovering or focusing pauses the timeout. */
class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Shows a toast and returns its id, for `close`. */
  show(toast: Omit<Toast, 'id'>): number {
    const id = this.#next++;
    this.list = [...this.list.slice(-3), { ...toast, id }];
    this.resume(id);
    return id;
  }

  /** Pauses the timeout. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Starts or restarts the timeout. */
  resume(id: number): void {
    const toast = this.list.find((item) => item.id === id);
    if (!toast) return;
    this.pause(id);
    const ms = toast.tone === 'bad' ? DURATION_MS.bad : toast.action ? DURATION_MS.action : DURATION_MS.plain;
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), ms),
    );
  }

  close(id: number): void {
    this.pause(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
