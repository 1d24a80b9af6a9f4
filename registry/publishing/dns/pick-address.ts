import { connect, isIPv6 } from 'node:net';

const CONNECT_MS = 300;
/** Changing the address in use costs a reload, so a moment of slowness must not cause it. */
const IN_USE_CONNECT_MS = 2_000;

function accepts(address: string, port: number, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(limitMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/**
 * Chooses one of a name's addresses, since one instance is one address to NGINX. The one in use remains while it accepts connections, so that a name
 * with rotating answers (DNS round robin) causes no reloads; for "localhost" an address with a listener is chosen. IPv4 is preferred over IPv6.
 */
export async function pickAddress(
  candidates: readonly string[],
  port: number,
  inUse: string | undefined,
): Promise<string | undefined> {
  const sorted = [...candidates].sort((a, b) => Number(isIPv6(a)) - Number(isIPv6(b)) || (a < b ? -1 : 1));
  const ordered =
    inUse !== undefined && sorted.includes(inUse) ? [inUse, ...sorted.filter((a) => a !== inUse)] : sorted;
  if (ordered.length < 2) return ordered[0];
  const tried = ordered.slice(0, 8);
  const answers = await Promise.all(
    tried.map((address) => accepts(address, port, address === inUse ? IN_USE_CONNECT_MS : CONNECT_MS)),
  );
  return tried[answers.indexOf(true)] ?? ordered[0];
}
