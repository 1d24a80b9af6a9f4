import { BlockList, isIP, isIPv6 } from 'node:net';
import { RegistryError } from '../../errors.ts';

/** Why this address and port may not be a backend, with the remedy; null when it may. */
export type CheckAddress = (address: string, port: number) => string | null;

export interface UpstreamRuleOptions {
  /** UPSTREAM_ALLOW: addresses, networks (`10.0.0.0/8`) and `address:port`, which alone opens one of the gateway's own ports. */
  allow: readonly string[];
  /** Ports of this machine that the gateway itself listens on. */
  ownPorts: readonly number[];
  /** Addresses of this machine's interfaces; loopback is always one. */
  ownAddresses: () => readonly string[];
}

// Never a backend: what cloud providers answer with credentials, and what names no single machine.
const REFUSED: readonly [network: string, bits: number, what: string][] = [
  ['169.254.0.0', 16, 'link-local (cloud metadata lives there)'],
  ['fe80::', 10, 'link-local'],
  ['fd00:ec2::254', 128, 'the metadata service of a cloud'],
  ['100.100.100.200', 32, 'the metadata service of a cloud'],
  ['168.63.129.16', 32, 'the metadata service of a cloud'],
  ['192.0.0.192', 32, 'the metadata service of a cloud'],
  ['0.0.0.0', 8, 'no address of a machine'],
  ['::', 128, 'no address of a machine'],
  ['224.0.0.0', 4, 'a multicast address'],
  ['ff00::', 8, 'a multicast address'],
  ['255.255.255.255', 32, 'the broadcast address'],
];

/** `::ffff:1.2.3.4`, NAT64 `64:ff9b::/96` and 6to4 carry an IPv4 address: that one is judged too. */
function embeddedIpv4(address: string): string | null {
  if (!isIPv6(address)) return null;
  const groups = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = groups.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const all = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right].map((g) =>
    parseInt(g, 16),
  );
  const dotted = (high = 0, low = 0) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  if (all[0] === 0x2002) return dotted(all[1], all[2]);
  const isMapped = all.slice(0, 5).every((group) => group === 0) && (all[5] === 0xffff || all[5] === 0);
  const isNat64 = all[0] === 0x64 && all[1] === 0xff9b;
  return (isMapped && (all[6] ?? 0) > 0) || isNat64 ? dotted(all[6], all[7]) : null;
}

function add(list: BlockList, network: string, bits: number): void {
  list.addSubnet(network, bits, isIPv6(network) ? 'ipv6' : 'ipv4');
}

function refuseEntry(entry: string): never {
  const message = `UPSTREAM_ALLOW: ${JSON.stringify(entry)} is no address, network or address:port; good ones are 169.254.169.254, 10.0.0.0/8, 127.0.0.1:7860, [::1]:7860`;
  throw new RegistryError('invalid', message, { errors: [{ field: 'UPSTREAM_ALLOW', message }] });
}

function readAllowed(entries: readonly string[]): { networks: BlockList; ports: Set<string> } {
  const networks = new BlockList();
  const ports = new Set<string>();
  for (const entry of entries) {
    const withPort = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(entry);
    const address = withPort?.[1] ?? withPort?.[2];
    const [network = '', bits] = entry.split('/');
    if (address !== undefined && isIP(address) !== 0) {
      ports.add(`${normalise(address)} ${Number(withPort?.[3])}`);
    } else if (isIP(network) !== 0 && (bits === undefined || /^\d{1,3}$/.test(bits))) {
      const most = isIPv6(network) ? 128 : 32;
      if (Number(bits ?? most) > most) refuseEntry(entry);
      add(networks, network, Number(bits ?? most));
    } else refuseEntry(entry);
  }
  return { networks, ports };
}

function normalise(address: string): string {
  const bare = address.replace(/%.*$/, '');
  return isIPv6(bare) ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : bare;
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/**
 * Makes the rule which resolved addresses may be backends (DESIGN §8, UPSTREAM_ALLOW). It judges addresses, never names: a name may lead
 * anywhere, and elsewhere tomorrow. Throws RegistryError `invalid` for an entry of `allow` that is none.
 */
export function createUpstreamRule(options: UpstreamRuleOptions): CheckAddress {
  const allowed = readAllowed(options.allow);
  const refused = REFUSED.map(([network, bits, what]) => {
    const list = new BlockList();
    add(list, network, bits);
    return { list, what };
  });
  const loopback = new BlockList();
  add(loopback, '127.0.0.0', 8);
  add(loopback, '::1', 128);

  function judge(address: string, port: number, shown: string): string | null {
    if (allowed.ports.has(`${address} ${port}`)) return null;
    const isOwn = contains(loopback, address) || options.ownAddresses().map(normalise).includes(address);
    if (isOwn && options.ownPorts.includes(port))
      return `${shown}:${port} is the gateway itself; register the server's own address, or list ${shown}:${port} in UPSTREAM_ALLOW`;
    if (contains(allowed.networks, address)) return null;
    const found = refused.find(({ list }) => contains(list, address));
    return found === undefined
      ? null
      : `${shown} is ${found.what} and is refused as a backend; list it in UPSTREAM_ALLOW if it is meant`;
  }

  return (written, port) => {
    const address = normalise(written.replace(/^\[|\]$/g, ''));
    if (isIP(address) === 0) return `${written} is not an IP address`;
    const inner = embeddedIpv4(address);
    return judge(address, port, address) ?? (inner === null ? null : judge(inner, port, address));
  };
}
