import { BRIDGE_HOST, MANAGEMENT_HOST } from '../../contract/index.ts';

/** Why a URL may not be a backend, based on every address of its name; null if it may, or if its name has no address yet. */
export async function explainBackendUrl(
  written: string,
  lookup: (host: string) => Promise<readonly string[]>,
  checkAddress: (address: string, port: number) => string | null,
): Promise<string | null> {
  const url = new URL(written);
  if (url.hostname === MANAGEMENT_HOST)
    return `${MANAGEMENT_HOST} is the gateway's own management server; register another server's address`;
  if (url.hostname === BRIDGE_HOST)
    return `${BRIDGE_HOST} is the gateway's own bridge; register the program itself, with "command" and "args"`;
  const port = url.port === '' ? (/^(https|wss):$/.test(url.protocol) ? 443 : 80) : Number(url.port);
  const addresses = await lookup(url.hostname.replace(/^\[|\]$/g, '')).catch(() => []);
  return addresses.map((address) => checkAddress(address, port)).find((why) => why !== null) ?? null;
}
