import { lookup } from 'node:dns/promises';

/** All addresses of a name. Rejects when it has none or no DNS server responds. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** Names as the operating system resolves them: /etc/hosts, search domains and DNS. */
export const lookupSystem: Lookup = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address.replace(/%.*$/, ''));
