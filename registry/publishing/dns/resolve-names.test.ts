import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { Lookup } from '../../upstream/index.ts';
import { createNameResolver } from './resolve-names.ts';

const all = () => null;
const target = (host: string, port = 9) => ({ host, port });

describe('createNameResolver', () => {
  it('returns IP addresses without a lookup', async () => {
    const lookup: Lookup = () => Promise.reject(new Error('looked up'));
    const resolver = createNameResolver({ checkAddress: all, lookup });
    await resolver.resolve([target('10.0.0.1'), target('[::1]')]);
    expect(resolver.addressOf('10.0.0.1', 9)).toEqual({ address: '10.0.0.1' });
    expect(resolver.addressOf('[::1]', 9)).toEqual({ address: '::1' });
  });

  it('gives up after the limit, and uses the answer if it arrives later', async () => {
    const late = Promise.withResolvers<string[]>();
    const clock = createTestClock();
    const resolver = createNameResolver({
      checkAddress: all,
      lookup: () => late.promise,
      limitMs: 20,
      againMs: 5,
      clock,
    });
    await clock.runUntil(resolver.resolve([target('slow')]));
    resolver.track([target('slow')]);
    expect(clock.nowMs()).toBe(20);
    expect(resolver.addressOf('slow', 9)).toMatchObject({
      problem: expect.stringContaining('no answer in time') as string,
    });
    late.resolve(['10.0.0.1']);
    expect(await resolver.refresh([target('slow')])).toBe(true);
    expect(resolver.addressOf('slow', 9)).toEqual({ address: '10.0.0.1' });
  });

  it('resolve joins a first lookup that a refresh started, and does not wait again after the limit', async () => {
    const first = Promise.withResolvers<string[]>();
    const clock = createTestClock();
    const begun = Promise.withResolvers<null>();
    const lookup: Lookup = (host) => {
      if (host !== 'weather') return new Promise(() => undefined);
      begun.resolve(null);
      return first.promise;
    };
    const resolver = createNameResolver({ checkAddress: all, lookup, limitMs: 20, clock });
    const refreshed = resolver.refresh([target('weather'), target('silent')]);
    await begun.promise;
    const resolved = resolver.resolve([target('weather')]);
    first.resolve(['10.0.0.1']);
    await resolved;
    expect(resolver.addressOf('weather', 9)).toEqual({ address: '10.0.0.1' });
    await clock.runUntil(refreshed);
    await resolver.resolve([target('silent')]);
    expect(clock.nowMs()).toBe(20);
  });

  it('keeps the address that a concurrent call chose', async () => {
    const choosing = Promise.withResolvers<null>();
    const checkAddress = () => {
      choosing.resolve(null);
      return null;
    };
    // Of two addresses one is chosen by connecting, which takes longer than a refresh with one address.
    const answers = [['127.0.0.2', '127.0.0.3'], ['10.0.0.1']];
    const lookup: Lookup = () => Promise.resolve(answers.shift() ?? []);
    const resolver = createNameResolver({ checkAddress, lookup, againMs: 0 });
    const resolved = resolver.resolve([target('weather')]);
    await choosing.promise;
    await resolver.refresh([target('weather')]);
    await resolved;
    expect(resolver.addressOf('weather', 9)).toEqual({ address: '10.0.0.1' });
  });

  it('a refresh reports an address that a preview chose after the last publish', async () => {
    const late = Promise.withResolvers<string[]>();
    const clock = createTestClock();
    const resolver = createNameResolver({ checkAddress: all, lookup: () => late.promise, limitMs: 20, clock });
    await clock.runUntil(resolver.resolve([target('weather')]));
    resolver.track([target('weather')]);
    late.resolve(['10.0.0.1']);
    await late.promise;
    await resolver.resolve([target('weather')]);
    expect(await resolver.refresh([target('weather')])).toBe(true);
    // Once: while a rollback holds, no publish follows.
    expect(await resolver.refresh([target('weather')])).toBe(false);
  });

  it('keeps addresses that another call resolved, until a publish without them', async () => {
    const resolver = createNameResolver({ checkAddress: all, lookup: () => Promise.resolve(['10.0.0.1']) });
    await resolver.resolve([target('weather'), target('time')]);
    await resolver.resolve([target('weather')]);
    expect(resolver.addressOf('time', 9)).toEqual({ address: '10.0.0.1' });
    resolver.track([target('weather')]);
    expect(resolver.addressOf('weather', 9)).toEqual({ address: '10.0.0.1' });
    expect(resolver.addressOf('time', 9)).toHaveProperty('problem');
  });

  it('looks up two names at a time and each once', async () => {
    let [now, most, lookups] = [0, 0, 0];
    const clock = createTestClock();
    const lookup: Lookup = async () => {
      most = Math.max(most, ++now);
      lookups += 1;
      await clock.sleep(2);
      now -= 1;
      return ['10.0.0.1'];
    };
    const resolver = createNameResolver({ checkAddress: all, lookup });
    const targets = Array.from({ length: 20 }, (_, index) => [target(`h${index}`), target(`h${index}`, 10)]).flat();
    await clock.runUntil(Promise.all([resolver.resolve(targets), resolver.resolve(targets)]));
    expect({ most, lookups }).toEqual({ most: 2, lookups: 20 });
  });

  it('keeps the last known address when a name no longer resolves, also after a restart', async () => {
    let gone = false;
    const lookup: Lookup = () =>
      gone ? Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) : Promise.resolve(['10.0.0.1']);
    const resolver = createNameResolver({ checkAddress: all, lookup, againMs: 0 });
    await resolver.resolve([target('weather')]);
    resolver.track([target('weather')]);
    gone = true;
    expect(await resolver.refresh([target('weather')])).toBe(false);
    const again = createNameResolver({ checkAddress: all, lookup, againMs: 0 });
    again.restore(resolver.serialize());
    await again.resolve([target('weather')]);
    expect(again.addressOf('weather', 9)).toEqual({ address: '10.0.0.1' });
  });

  it('checks addresses, also restored ones, and chooses another that is allowed', async () => {
    const lookup: Lookup = (host) => Promise.resolve(host === 'both' ? ['169.254.1.1', '10.0.0.1'] : ['169.254.1.1']);
    const checkAddress = (address: string) => (address.startsWith('169.254') ? 'link-local' : null);
    const resolver = createNameResolver({ checkAddress, lookup });
    resolver.restore(JSON.stringify({ names: { old: ['169.254.1.1'] }, inUse: { 'old 9': '169.254.1.1' } }));
    await resolver.resolve([target('both'), target('meta'), target('old')]);
    expect(resolver.addressOf('both', 9)).toEqual({ address: '10.0.0.1' });
    expect(resolver.addressOf('meta', 9)).toEqual({ problem: 'link-local' });
    expect(resolver.addressOf('old', 9)).toEqual({ problem: 'link-local' });
  });
});
