import { waitFor } from '../../test/support/wait-for.ts';

/** What a Node process says of itself, right after it collected its garbage. */
export interface Insides {
  heapMb: number;
  timers: number;
  /** Sockets, listeners and what else keeps an event loop alive, without the timers. */
  handles: number;
  /** AbortSignals alive: whoever forgets one keeps all that listens to it. */
  abortSignals: number;
}

export interface Inspector {
  sample: () => Promise<Insides>;
  close: () => Promise<void>;
}

interface Answer {
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
  const waiting = new Map<number, (answer: Answer) => void>();
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as Answer;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
  };
  let serial = 0;
  const ask = async <T>(method: string, params: object = {}): Promise<T> => {
    const id = (serial += 1);
    const answer = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    waiting.delete(id);
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result as T;
  };
  return { ask, close: () => socket.close() };
}

/**
 * Opens the inspector of a Node process (SIGUSR1) that was started with `--inspect-port=127.0.0.1:<port>`. It stays open until the process
 * ends; nobody but who may signal the process can open it.
 */
export async function openInspector(pid: number, port: number): Promise<Inspector> {
  process.kill(pid, 'SIGUSR1');
  const [target] = await waitFor(`the inspector of ${pid}`, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
    return (await answer.json()) as { webSocketDebuggerUrl: string }[];
  });
  const { ask, close } = await connect(target?.webSocketDebuggerUrl ?? '');
  await ask('HeapProfiler.enable');
  const evaluate = async (expression: string) => {
    const { result, exceptionDetails } = await ask<Remote>('Runtime.evaluate', { expression, objectGroup: 'bench' });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return result;
  };
  return {
    async sample() {
      // What finalisers let go of is collected by the second.
      for (let time = 0; time < 2; time += 1) await ask('HeapProfiler.collectGarbage');
      const read = JSON.parse((await evaluate(READ)).value ?? '') as Omit<Insides, 'abortSignals'>;
      const prototype = await evaluate('AbortSignal.prototype');
      const { objects } = await ask<{ objects: { objectId: string } }>('Runtime.queryObjects', {
        prototypeObjectId: prototype.objectId,
        objectGroup: 'bench',
      });
      const { result } = await ask<{ result: { value: number } }>('Runtime.callFunctionOn', {
        objectId: objects.objectId,
        functionDeclaration: 'function () { return this.length; }',
        returnByValue: true,
      });
      await ask('Runtime.releaseObjectGroup', { objectGroup: 'bench' });
      return { ...read, abortSignals: result.value };
    },
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}
