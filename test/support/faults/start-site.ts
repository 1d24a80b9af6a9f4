import { startAlone, type AloneFixture } from '../../fixtures/kit/start-alone.ts';
import { startGateway, type Gateway, type GatewayOptions } from '../gateway/start-gateway.ts';
import { openStream, type StandingStream } from './load/open-stream.ts';
import { startLoad, type Load, type LoadOptions } from './load/load.ts';

/** A gateway for fault tests, with two servers: one that answers at once, one whose streams tick; and an agent that may call all. */
export interface Site {
  gateway: Gateway;
  key: string;
  /** Server `calm`, a separate process. */
  calm: AloneFixture;
  /** Server `ticking`, a separate process; its streams tick ten times a second. */
  ticking: AloneFixture;
  /** Calls of `calm`: eight connections, each with a call every 10 ms; or as in the options (`pauseMs: 0` is as much as the machine can handle). */
  load: (more?: Partial<LoadOptions>) => Load;
  /** GET streams of `ticking`, or of another path. */
  streams: (count: number, path?: string) => Promise<StandingStream[]>;
  /** A long call of `ticking`: a POST that is answered by a stream. */
  longCall: () => Promise<StandingStream>;
  close: () => Promise<void>;
}

/** Starts a site; supervised by s6 unless the options disable it. Close it in `afterAll`. */
export async function startSite(options: GatewayOptions = {}): Promise<Site> {
  const open: { close: () => Promise<unknown> }[] = [];
  const loads: Load[] = [];
  const opened: StandingStream[] = [];
  const close = async () => {
    for (const load of loads) await load.stop();
    for (const stream of opened) stream.leave();
    for (const one of open.reverse()) await one.close();
  };
  try {
    const calm = await startAlone('backends/compliant/light-servers.ts', { count: 1 });
    open.push(calm);
    const ticking = await startAlone('backends/streams/ticking.ts', { intervalMs: 100, count: 1_000_000 });
    open.push(ticking);
    // Sweeps would only disturb the count of what a test causes itself.
    const gateway = await startGateway({ ...options, env: { HEALTH_CRON: '0 0 0 1 1 *', ...options.env } });
    open.push(gateway);
    await Promise.all([
      gateway.register({ path: 'calm', url: calm.url }),
      gateway.register({ path: 'ticking', url: ticking.url }),
    ]);
    const { key } = await gateway.createAgent(['*']);
    const track = (stream: StandingStream) => {
      opened.push(stream);
      return stream;
    };
    return {
      gateway,
      key,
      calm,
      ticking,
      load(more = {}) {
        const load = startLoad({ url: gateway.url, path: 'calm', key, pauseMs: 10, ...more });
        loads.push(load);
        return load;
      },
      streams: (count, path = 'ticking') =>
        Promise.all(
          Array.from({ length: count }, async () => track(await openStream(`${gateway.url}/${path}/mcp`, { key }))),
        ),
      longCall: async () => {
        const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'tick', arguments: {} } };
        return track(await openStream(`${gateway.url}/ticking/mcp`, { key, body }));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
