import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../../support/wait-for.ts';
import { setUpPublisher, type PublisherSetup } from '../set-up-publisher.ts';
import { startBackend } from '../start-backend.ts';
import { startDns, type DnsFixture } from './dns-server.ts';

let dns: DnsFixture;
let setup: PublisherSetup;
const backends: Awaited<ReturnType<typeof startBackend>>[] = [];

async function begin(dataDir?: string, port?: number): Promise<void> {
  setup = await setUpPublisher({
    lookup: (host) => dns.lookup(host),
    timing: { resolveMs: 100 },
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(port === undefined ? {} : { port }),
  });
  await setup.publisher.start();
}
async function backend(text: string, host: string, port?: number) {
  const started = await startBackend(text, host, port);
  backends.push(started);
  return started;
}
beforeEach(async () => {
  dns = await startDns();
  await begin();
  await setup.startNginx();
});
afterEach(async () => {
  await setup.close();
  for (const one of backends.splice(0)) await one.close();
  await dns.close();
});

describe('names of backends', () => {
  it('a server whose name does not exist is rejected until the name does', async () => {
    const { port } = await backend('weather', '127.0.0.2');
    const { server, revision } = await setup.register('weather', `http://weather.test:${port}`);
    const outcome = await setup.publisher.whenLive(revision, server.id);
    expect(outcome.applied).toBe(false);
    expect(outcome.error).toContain('The name weather.test has no address (ENOTFOUND)');
    expect(setup.publisher.configurationStatus({ ...server, revision }).configuration).toBe('rejected');
    dns.names.set('weather.test', ['127.0.0.2']);
    await waitFor(
      'it is live',
      () => setup.publisher.configurationStatus({ ...server, revision }).configuration === 'live',
    );
    expect((await setup.get('/weather/mcp')).text).toBe('weather');
  });

  it('follows a name whose address changes', async () => {
    const one = await backend('one', '127.0.0.2');
    await backend('two', '127.0.0.3', one.port);
    dns.names.set('weather.test', ['127.0.0.2']);
    const { revision } = await setup.register('weather', `http://weather.test:${one.port}`);
    await setup.publisher.whenLive(revision);
    expect((await setup.get('/weather/mcp')).text).toBe('one');
    // The registration may still wait for its own run, which would follow the name, too.
    await setup.publisher.idle();
    dns.names.set('weather.test', ['127.0.0.3']);
    await waitFor('NGINX uses the new address', async () => (await setup.get('/weather/mcp')).text === 'two');
    // NGINX serves it before it is verified and recorded.
    await waitFor('the cause is recorded', async () => {
      return (await setup.publisher.current())?.cause === 'A name has another address';
    });
  });

  it('stays with one address of a name with round-robin answers', async () => {
    const one = await backend('one', '127.0.0.2');
    await backend('two', '127.0.0.3', one.port);
    dns.names.set('weather.test', ['127.0.0.2', '127.0.0.3']);
    const { server, revision } = await setup.register('weather', `http://weather.test:${one.port}`);
    const { applied, generation } = await setup.publisher.whenLive(revision, server.id);
    expect(applied).toBe(true);
    for (let turn = 0; turn < 4; turn += 1) {
      dns.names.get('weather.test')?.reverse();
      const queries = dns.queries.length;
      await waitFor('the name was queried again', () => dns.queries.length > queries + 1);
    }
    await setup.publisher.idle();
    expect((await setup.publisher.current())?.number).toBe(generation);
  });

  it('nothing changes while DNS does not respond, not even over a restart of the registry', async () => {
    const { port } = await backend('weather', '127.0.0.2');
    dns.names.set('weather.test', ['127.0.0.2']);
    const { server, revision } = await setup.register('weather', `http://weather.test:${port}`);
    const { generation } = await setup.publisher.whenLive(revision);
    dns.silent = true;
    const queries = dns.queries.length;
    await waitFor('DNS was queried in vain', () => dns.queries.length > queries + 2);
    expect((await setup.publisher.current())?.number).toBe(generation);

    const before = setup;
    await before.closeRegistry();
    await begin(before.dataDir, before.port);
    await setup.publisher.idle();
    expect((await setup.publisher.current())?.number).toBe(generation);
    const text = 'with DNS gone';
    const changed = await setup.change(
      { ...server, revision },
      { timeouts: { ...server.timeouts, readMs: 5_000 }, description: text },
    );
    expect(await setup.publisher.whenLive(changed.revision, server.id)).toMatchObject({ applied: true });
    expect((await setup.get('/weather/mcp')).text).toBe('weather');
    await setup.closeRegistry();
    setup = before;
  });

  it('refuses a name that resolves to an address which may not be a backend', async () => {
    dns.names.set('metadata.test', ['169.254.169.254']);
    dns.names.set('self.test', ['127.0.0.1']);
    const metadata = await setup.register('metadata', 'http://metadata.test');
    const self = await setup.register('self', `http://self.test:${setup.port}`);
    const first = await setup.publisher.whenLive(metadata.revision, metadata.server.id);
    expect(first.error).toContain('169.254.169.254 is link-local');
    const second = await setup.publisher.whenLive(self.revision, self.server.id);
    expect(second.error).toContain('is the gateway itself');
  });
});
