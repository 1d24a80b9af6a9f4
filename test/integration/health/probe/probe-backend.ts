import type { ProbeResult, ProbeTarget } from '../../../../registry/contract/index.ts';
import { probe } from '../../../../registry/health/probe/probe.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { createSystemGuard } from '../../../support/registry/system-guard.ts';
import type { Backend } from '../backends.ts';

/** Probes a URL without refusing any address. */
export const probeUrl = (url: string, changes: Partial<ProbeTarget> = {}, timeoutMs = 10_000): Promise<ProbeResult> =>
  probe(
    { url, query: '', headers: {}, hostMode: 'upstream', transport: 'auto', ...changes },
    { guard: createSystemGuard(), timeoutMs, publicHost: 'gw.example' },
  );

/** Waits until a backend has no connection and no session of ours any more. */
export async function waitUntilReleased(backend: Backend): Promise<void> {
  await waitFor('no connection and no session', () => backend.sockets() === 0 && backend.sessions() === 0);
}

/** Backends of one test, closed at its end. */
export function createBackends() {
  const running: Backend[] = [];
  return {
    use: async <B extends Backend>(starting: Promise<B>): Promise<B> => {
      const backend = await starting;
      running.push(backend);
      return backend;
    },
    stop: async (backend: Backend): Promise<void> => {
      running.splice(running.indexOf(backend), 1);
      await backend.close();
    },
    close: async (): Promise<void> => {
      await Promise.all(running.splice(0).map((backend) => backend.close()));
    },
  };
}
