import { describe, expect, it } from 'vitest';
import { createUpstreamRule } from './upstream-rule.ts';

const rule = (allow: string[] = []) =>
  createUpstreamRule({ allow, ownPorts: [8080, 7860], ownAddresses: () => ['192.168.1.5', 'fd12::5'] });

describe('createUpstreamRule', () => {
  it.each(['10.1.2.3', '127.0.0.1', '192.168.1.5', '8.8.8.8', '::1', 'fd12::5', '2001:db8::1', '[2001:db8::1]'])(
    'allows %s as a backend',
    (address) => {
      expect(rule()(address, 8000)).toBeNull();
    },
  );

  it.each([
    ['169.254.169.254', 'link-local'],
    ['169.254.0.9', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['fd00:ec2::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['0.0.0.0', 'not the address of a host'],
    ['::', 'not the address of a host'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'multicast|broadcast'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['::ffff:a9fe:a9fe', 'link-local'],
    ['64:ff9b::a9fe:a9fe', 'link-local'],
    ['64:ff9b:1::a9fe:a9fe', 'link-local'],
    ['::ffff:0:169.254.169.254', 'link-local'],
    ['::169.254.169.254', 'link-local'],
    ['2002:a9fe:a9fe::1', 'link-local'],
  ])('refuses %s', (address, why) => {
    expect(rule()(address, 80)).toMatch(new RegExp(why));
    expect(rule()(address, 80)).toContain('UPSTREAM_ALLOW');
  });

  it.each(['127.0.0.1', '127.8.8.8', '::1', '192.168.1.5', 'fd12::5', '::ffff:127.0.0.1', 'FD12:0::5'])(
    'refuses its own port at %s, and allows its other ports',
    (address) => {
      expect(rule()(address, 7860)).toContain('is the gateway itself');
      expect(rule()(address, 7861)).toBeNull();
    },
  );

  it('allows the same port on other machines', () => {
    expect(rule()('10.0.0.1', 8080)).toBeNull();
  });

  it('allows what is listed: addresses, networks, and own ports only one by one', () => {
    expect(rule(['169.254.169.254'])('169.254.169.254', 80)).toBeNull();
    expect(rule(['169.254.169.254'])('169.254.169.253', 80)).not.toBeNull();
    expect(rule(['169.254.0.0/16'])('169.254.1.1', 80)).toBeNull();
    expect(rule(['fe80::/10'])('fe80::9', 80)).toBeNull();
    expect(rule(['127.0.0.0/8'])('127.0.0.1', 7860)).toContain('is the gateway itself');
    expect(rule(['127.0.0.1:7860'])('127.0.0.1', 7860)).toBeNull();
    expect(rule(['127.0.0.1:7860'])('127.0.0.1', 8080)).not.toBeNull();
    expect(rule(['[::1]:7860'])('::1', 7860)).toBeNull();
  });

  it.each(['nonsense', '10.0.0.0/33', '10.0.0/8', 'host:80', '::1:x', '10.0.0.1/-1', ''])(
    'refuses the entry %j',
    (entry) => {
      expect(() => rule([entry])).toThrow(/UPSTREAM_ALLOW/);
    },
  );

  it('refuses a text that is not an address', () => {
    expect(rule()('weather', 80)).toContain('not an IP address');
  });
});
