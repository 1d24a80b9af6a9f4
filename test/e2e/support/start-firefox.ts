import { existsSync } from 'node:fs';
import { firefox, type Browser } from 'playwright-core';

const FIREFOX = process.env['FIREFOX'] ?? '/usr/bin/firefox-esr';
/** Whether there is a Firefox on this machine. */
export const HAS_FIREFOX = existsSync(FIREFOX);

/** What Playwright has behind its API, of which one command is left out. */
interface Inside {
  _connection: { toImpl: (of: unknown) => { _browserSession: { send: Send } } };
}
type Send = (method: string, parameters: unknown) => Promise<unknown>;
/** Playwright sends it for each context, and Firefox 153 ESR does not know it. The theme is then that of the preferences, which is light. */
const UNKNOWN = 'emulation.setMediaFeaturesOverride';

/** Starts Debian's Firefox, unmodified: the channel makes Playwright speak WebDriver BiDi in place of a protocol of its own. Close it at the end. */
export async function startFirefox(): Promise<Browser> {
  const browser = await firefox.launch({ channel: 'moz-firefox', executablePath: FIREFOX });
  const session = (browser as unknown as Inside)._connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = (method, parameters) => (method === UNKNOWN ? Promise.resolve({}) : send(method, parameters));
  return browser;
}
