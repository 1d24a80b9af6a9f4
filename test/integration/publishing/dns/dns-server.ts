import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import type { Lookup } from '../../../../registry/upstream/index.ts';

/** A small DNS server (RFC 1035) that answers A queries on loopback, and a lookup that uses it. */
export interface DnsFixture {
  /** Name → addresses; a name that is absent does not exist (NXDOMAIN). */
  names: Map<string, string[]>;
  /** True: every query is dropped, as by a firewall. */
  silent: boolean;
  queries: string[];
  lookup: Lookup;
  close(): Promise<void>;
}

function readName(message: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

function answer(message: Buffer, end: number, addresses: string[] | undefined): Buffer {
  const header = Buffer.alloc(12);
  message.copy(header, 0, 0, 2);
  header.writeUInt16BE(addresses === undefined ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses?.length ?? 0, 6);
  const records = (addresses ?? []).map((address) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
  );
  return Buffer.concat([header, message.subarray(12, end), ...records]);
}

export async function startDns(): Promise<DnsFixture> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  // A server that drops queries is given up on after 400 ms; any other gets time enough for a slow machine.
  const createResolver = (timeout: number) => {
    const resolver = new Resolver({ timeout, tries: 1 });
    resolver.setServers([`127.0.0.1:${socket.address().port}`]);
    return resolver;
  };
  const fixture: DnsFixture = {
    names: new Map(),
    silent: false,
    queries: [],
    lookup: (host) => createResolver(fixture.silent ? 400 : 10_000).resolve4(host),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on('message', (message, from) => {
    const { name, end } = readName(message);
    fixture.queries.push(name);
    if (!fixture.silent) socket.send(answer(message, end, fixture.names.get(name)), from.port, from.address);
  });
  return fixture;
}
