import { Agent, type Dispatcher } from 'undici';
import { BRIDGE_HOST, bridgeOutput, bridgeStatus, type BridgeOutput, type BridgeStatus } from '../contract/index.ts';
import { RegistryError } from '../lib/errors.ts';
import { readText } from '../lib/read-text.ts';

export interface StatusQuestion {
  /** Start it once if it is not running. False: nothing is started, and no idle timeout is reset. */
  start: boolean;
  /** Hash of the list of tools that is already known; the same list is not sent again. */
  knownHash: string | null;
  timeoutMs: number;
}

/** A client of the bridge, over its socket. Every method throws RegistryError `unavailable` when it does not respond. */
export interface BridgeClient {
  status: (serverId: string, question: StatusQuestion) => Promise<BridgeStatus>;
  /** Lines that its processes wrote after the line with this number. */
  output: (serverId: string, after: number) => Promise<BridgeOutput>;
  close: () => Promise<void>;
}

const MAX_BYTES = 8 * 1024 * 1024;
const OUTPUT_TIMEOUT_MS = 5_000;

function unavailable(problem: string, cause?: unknown): RegistryError {
  return new RegistryError('unavailable', `the bridge ${problem}`, {
    cause,
    hint: 'It is restarted automatically; see LOG_DIR/bridge/current.',
    retryAfterS: 2,
  });
}

/** Creates the client of the bridge that listens at `socket`. */
export function createBridgeClient(socket: string): BridgeClient {
  const agent = new Agent({
    allowH2: false,
    connect: { socketPath: socket },
    headersTimeout: 0,
    bodyTimeout: 0,
    connections: 16,
  });

  async function request(method: Dispatcher.HttpMethod, path: string, timeoutMs: number): Promise<unknown> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const { statusCode, body } = await agent.request({ origin: `http://${BRIDGE_HOST}`, path, method, signal });
      const answer: unknown = JSON.parse(await readText(body as AsyncIterable<Buffer>, MAX_BYTES));
      if (statusCode === 200) return answer;
      const { error } = answer as { error?: { message?: string; data?: { hint?: string } } };
      throw new RegistryError('unavailable', error?.message ?? `the bridge responded with ${statusCode}`, {
        hint: error?.data?.hint ?? 'See LOG_DIR/bridge/current.',
      });
    } catch (error) {
      if (error instanceof RegistryError) throw error;
      if (signal.aborted) throw unavailable(`did not respond within ${timeoutMs / 1_000} s`, error);
      throw unavailable('cannot be reached', error);
    }
  }

  return {
    async status(serverId, { start, knownHash, timeoutMs }) {
      const query = knownHash === null ? '' : `?known=${encodeURIComponent(knownHash)}`;
      const path = `/${serverId}/${start ? 'check' : 'status'}${query}`;
      return bridgeStatus.parse(await request(start ? 'POST' : 'GET', path, timeoutMs));
    },
    output: async (serverId, after) =>
      bridgeOutput.parse(await request('GET', `/${serverId}/output?after=${after}`, OUTPUT_TIMEOUT_MS)),
    close: () => agent.destroy(),
  };
}
