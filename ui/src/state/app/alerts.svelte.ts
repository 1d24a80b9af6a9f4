import type { AttentionItem } from '@mcpgw/registry/contract';
import { ATTENTION } from '../../lib/servers/attention-labels.ts';
import { toSentence } from '../../lib/format/format.ts';
import { appearance } from './appearance.svelte.ts';

const nameOf = ({ kind, target }: AttentionItem): string => `${target.type}/${target.name}/${kind}`;

/** Whether this browser can show notifications: this requires HTTPS or localhost. */
export const canAlert = (): boolean => 'Notification' in globalThis && isSecureContext;

/** Browser notifications of new severe items; off by default. */
class Alerts {
  /** Null before the first check: items that already existed are not new. */
  #known: ReadonlySet<string> | null = null;

  /** Turns them on, after a permission prompt of the browser; returns whether they are on. */
  async turnOn(): Promise<boolean> {
    const isAllowed = canAlert() && (await Notification.requestPermission()) === 'granted';
    appearance.update({ alerts: isAllowed });
    return isAllowed;
  }

  turnOff(): void {
    appearance.update({ alerts: false });
  }

  /** Shows a notification for each item that is new since the last call and severe, if notifications are on. */
  notify(items: readonly AttentionItem[]): void {
    const before = this.#known;
    this.#known = new Set(items.map(nameOf));
    if (before === null || !appearance.preferences.alerts || !canAlert() || Notification.permission !== 'granted')
      return;
    for (const item of items) {
      if (item.severity !== 'danger' || before.has(nameOf(item))) continue;
      new Notification(`${item.target.name}: ${ATTENTION[item.kind].label}`, {
        body: toSentence(item.cause),
        // One per item, even with several tabs open.
        tag: nameOf(item),
      });
    }
  }
}

export const alerts = new Alerts();
