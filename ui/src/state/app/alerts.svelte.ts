import type { AttentionItem } from '@mcpgw/registry/contract';
import { ATTENTION } from '../../lib/servers/attention-labels.ts';
import { toSentence } from '../../lib/format/format.ts';
import { appearance } from './appearance.svelte.ts';

const nameOf = ({ kind, target }: AttentionItem): string => `${target.type}/${target.name}/${kind}`;

/** Whether this browser can show notifications: only pages over HTTPS or of this machine may. */
export const canAlert = (): boolean => 'Notification' in globalThis && isSecureContext;

/** Browser notifications of what is new and severe; off until somebody turns them on. */
class Alerts {
  /** Null before the first look: what was there already is no news. */
  #known: ReadonlySet<string> | null = null;

  /** Turns them on, which the browser asks about; returns whether they are. */
  async turnOn(): Promise<boolean> {
    const isAllowed = canAlert() && (await Notification.requestPermission()) === 'granted';
    appearance.update({ alerts: isAllowed });
    return isAllowed;
  }

  turnOff(): void {
    appearance.update({ alerts: false });
  }

  /** Looks at what needs attention now. */
  look(items: readonly AttentionItem[]): void {
    const before = this.#known;
    this.#known = new Set(items.map(nameOf));
    if (before === null || !appearance.preferences.alerts || !canAlert() || Notification.permission !== 'granted')
      return;
    for (const item of items) {
      if (item.severity !== 'danger' || before.has(nameOf(item))) continue;
      new Notification(`${item.target.name}: ${ATTENTION[item.kind].label}`, {
        body: toSentence(item.cause),
        // One for each thing, also with several tabs open.
        tag: nameOf(item),
      });
    }
  }
}

export const alerts = new Alerts();
