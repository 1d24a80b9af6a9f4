import { existsSync } from 'node:fs';
import { firefox, type Browser } from 'playwright-core';

const FIREFOX = process.env['FIREFOX'] ?? '/usr/bin/firefox-esr';
/** Whether there is a Firefox on this machine. */
export const HAS_FIREFOX = existsSync(FIREFOX);

/** Internals of Playwright, of which one command is skipped. */
interface Internals {
  _connection: { toImpl: (of: unknown) => { _browserSession: { send: Send } } };
}
type Send = (method: string, parameters: unknown) => Promise<unknown>;
/** Playwright sends it for each context, and Firefox 153 ESR does not support it. Firefox then uses the theme of its preferences, which is light. */
const UNKNOWN = 'emulation.setMediaFeaturesOverride';

/** Starts Debian's Firefox, unmodified: the channel makes Playwright use WebDriver BiDi instead of its own protocol. Close it at the end. */
export async function startFirefox(): Promise<Browser> {
  const browser = await firefox.launch({ channel: 'moz-firefox', executablePath: FIREFOX });
  const session = (browser as unknown as Internals)._connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = (method, parameters) => (method === UNKNOWN ? Promise.resolve({}) : send(method, parameters));
  return browser;
}
