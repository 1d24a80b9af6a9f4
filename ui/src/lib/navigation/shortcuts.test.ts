// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createShortcutListener } from './shortcuts.ts';

const ran: string[] = [];
let nowMs = 0;
const listen = createShortcutListener(
  () => ['n', '/', 'g s', 's'].map((keys) => ({ keys, label: '', run: () => void ran.push(keys) })),
  () => nowMs,
);
function press(key: string, target: EventTarget = document.body, init: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  target.addEventListener('keydown', (seen) => listen(seen as KeyboardEvent), { once: true });
  target.dispatchEvent(event);
  return event;
}

describe('createShortcutListener', () => {
  beforeEach(() => {
    ran.length = 0;
    nowMs += 100_000;
    document.body.innerHTML = '';
    // jsdom does not support popovers.
    vi.spyOn(document, 'querySelector').mockReturnValue(null);
  });

  it('runs single keys and sequences', () => {
    expect(press('n').defaultPrevented).toBe(true);
    press('g');
    press('s');
    expect(ran).toEqual(['n', 'g s']);
  });
  it('resets a sequence after a timeout', () => {
    press('g');
    nowMs += 5_000;
    press('s');
    expect(ran).toEqual(['s']);
  });
  it('ignores keys that are typed into a field or have a modifier', () => {
    const field = document.body.appendChild(document.createElement('input'));
    expect(press('n', field).defaultPrevented).toBe(false);
    press('n', document.body, { ctrlKey: true });
    expect(ran).toEqual([]);
  });
  it('ignores keys while a dialog is open', () => {
    vi.spyOn(document, 'querySelector').mockReturnValue(document.body);
    press('n');
    expect(ran).toEqual([]);
  });
});
