import { waitFor } from '../../test/support/wait-for.ts';

/** Counters of a Node process, right after a garbage collection. */
export interface ProcessCounters {
  heapMb: number;
  timers: number;
  /** Sockets, listeners and other handles that keep an event loop alive, without the timers. */
  handles: number;
  /** Live AbortSignals: a leaked one retains all of its listeners. */
  abortSignals: number;
}

export interface Inspector {
  sample: () => Promise<ProcessCounters>;
  close: () => Promise<void>;
}

interface Reply {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

interface Remote {
  result: { value?: string; objectId?: string };
  exceptionDetails?: { text: string };
}

const READ = `(() => {
  const names = process.getActiveResourcesInfo();
  const timers = names.filter((name) => name === 'Timeout').length;
  return JSON.stringify({ heapMb: process.memoryUsage().heapUsed / 2 ** 20, timers, handles: names.length - timers });
})()`;

async function connect(url: string) {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (reply: Reply) => void>();
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as Reply;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
  };
  let serial = 0;
  const send = async <T>(method: string, params: object = {}): Promise<T> => {
    const id = (serial += 1);
    const reply = await new Promise<Reply>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    waiting.delete(id);
    if (reply.error !== undefined) throw new Error(`${method}: ${reply.error.message}`);
    return reply.result as T;
  };
  return { send, close: () => socket.close() };
}

/**
 * Opens the inspector of a Node process (SIGUSR1) that was started with `--inspect-port=127.0.0.1:<port>`. It remains open until the process
 * ends; only a user who may signal the process can open it.
 */
export async function openInspector(pid: number, port: number): Promise<Inspector> {
  process.kill(pid, 'SIGUSR1');
  const [target] = await waitFor(`the inspector of ${pid}`, async () => {
    const reply = await fetch(`http://127.0.0.1:${port}/json/list`);
    return (await reply.json()) as { webSocketDebuggerUrl: string }[];
  });
  const { send, close } = await connect(target?.webSocketDebuggerUrl ?? '');
  await send('HeapProfiler.enable');
  const evaluate = async (expression: string) => {
    const { result, exceptionDetails } = await send<Remote>('Runtime.evaluate', { expression, objectGroup: 'bench' });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return result;
  };
  return {
    async sample() {
      // The second collection frees what finalisers released.
      for (let time = 0; time < 2; time += 1) await send('HeapProfiler.collectGarbage');
      const read = JSON.parse((await evaluate(READ)).value ?? '') as Omit<ProcessCounters, 'abortSignals'>;
      const prototype = await evaluate('AbortSignal.prototype');
      const { objects } = await send<{ objects: { objectId: string } }>('Runtime.queryObjects', {
        prototypeObjectId: prototype.objectId,
        objectGroup: 'bench',
      });
      const { result } = await send<{ result: { value: number } }>('Runtime.callFunctionOn', {
        objectId: objects.objectId,
        functionDeclaration: 'function () { return this.length; }',
        returnByValue: true,
      });
      await send('Runtime.releaseObjectGroup', { objectGroup: 'bench' });
      return { ...read, abortSignals: result.value };
    },
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}
