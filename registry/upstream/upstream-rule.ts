import { BlockList, isIP, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { RegistryError } from '../lib/errors.ts';

/** Why this address and port may not be a backend, with the remedy; null when it may. */
export type CheckAddress = (address: string, port: number) => string | null;

export interface UpstreamRuleOptions {
  /** UPSTREAM_ALLOW: addresses, networks (`10.0.0.0/8`) and `address:port`, the only kind that allows one of the gateway's own ports. */
  allow: readonly string[];
  /** Ports of this machine that the gateway itself listens on. */
  ownPorts: readonly number[];
  /** Addresses of this machine's interfaces; loopback is always one. */
  ownAddresses: () => readonly string[];
}

// Never a backend: addresses at which cloud providers serve credentials, and addresses that are not of one host.
const REFUSED: readonly [network: string, bits: number, what: string][] = [
  ['169.254.0.0', 16, 'link-local (used for cloud metadata)'],
  ['fe80::', 10, 'link-local'],
  ['fd00:ec2::254', 128, 'the metadata service of a cloud'],
  ['100.100.100.200', 32, 'the metadata service of a cloud'],
  ['168.63.129.16', 32, 'the metadata service of a cloud'],
  ['192.0.0.192', 32, 'the metadata service of a cloud'],
  ['0.0.0.0', 8, 'not the address of a host'],
  ['::', 128, 'not the address of a host'],
  ['224.0.0.0', 4, 'a multicast address'],
  ['ff00::', 8, 'a multicast address'],
  ['255.255.255.255', 32, 'the broadcast address'],
];

/** Of 64:ff9b::/96 (RFC 6052) and the local 64:ff9b:1::/48 (RFC 8215). */
const NAT64 = ipaddr.IPv6.parse('64:ff9b::');

/** `::ffff:1.2.3.4`, NAT64 `64:ff9b::/96`, 6to4 and the like carry an IPv4 address: that one is checked too. */
function embeddedIpv4(address: string): string | null {
  if (!ipaddr.IPv6.isValid(address)) return null;
  const parsed = ipaddr.IPv6.parse(address);
  const bytes = parsed.toByteArray();
  const range = parsed.range();
  if (range === '6to4') return bytes.slice(2, 6).join('.');
  const isCompatible = bytes.slice(0, 12).every((byte) => byte === 0) && (bytes[12] ?? 0) + (bytes[13] ?? 0) > 0;
  const isNat64 = parsed.match(NAT64, 32);
  return range === 'ipv4Mapped' || range === 'rfc6145' || isNat64 || isCompatible ? bytes.slice(12).join('.') : null;
}

function add(list: BlockList, network: string, bits: number): void {
  list.addSubnet(network, bits, isIPv6(network) ? 'ipv6' : 'ipv4');
}

function rejectEntry(entry: string): never {
  const message = `UPSTREAM_ALLOW: ${JSON.stringify(entry)} is not an address, network or address:port; valid examples are 169.254.169.254, 10.0.0.0/8, 127.0.0.1:7860, [::1]:7860`;
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
      const maxBits = isIPv6(network) ? 128 : 32;
      if (Number(bits ?? maxBits) > maxBits) rejectEntry(entry);
      add(networks, network, Number(bits ?? maxBits));
    } else rejectEntry(entry);
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
 * Creates the rule that decides which resolved addresses may be backends (UPSTREAM_ALLOW). It checks addresses, never names: a name may resolve to
 * anything, and to something else later. Throws RegistryError `invalid` for an invalid entry of `allow`.
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

  function check(address: string, port: number, shown: string): string | null {
    if (allowed.ports.has(`${address} ${port}`)) return null;
    const isOwn = contains(loopback, address) || options.ownAddresses().map(normalise).includes(address);
    if (isOwn && options.ownPorts.includes(port))
      return `${shown}:${port} is the gateway itself; register the server's own address, or list ${shown}:${port} in UPSTREAM_ALLOW`;
    if (contains(allowed.networks, address)) return null;
    const found = refused.find(({ list }) => contains(list, address));
    return found === undefined
      ? null
      : `${shown} is ${found.what} and is refused as a backend; list it in UPSTREAM_ALLOW to permit it`;
  }

  return (written, port) => {
    const address = normalise(written.replace(/^\[|\]$/g, ''));
    if (isIP(address) === 0) return `${written} is not an IP address`;
    const inner = embeddedIpv4(address);
    return check(address, port, address) ?? (inner === null ? null : check(inner, port, address));
  };
}
