import type { CallView } from '../../contract/index.ts';
import type { CallStore } from '../../store/index.ts';
import { parseCall } from '../rollups/parse-call.ts';
import { readTailState, writeTailState } from '../tail/tail-state.ts';
import type { TailSink } from '../tail/tail.ts';

const META_KEY = 'places';
/** New calls that are passed on of each batch, the latest. */
const MAX_PASSED_ON = 200;

/** Creates the sink that stores each line of calls.log as a call. `onStored` gets the number of lines and the latest of them. */
export function createCallSink(store: CallStore, onStored: (lines: number, calls: CallView[]) => void): TailSink {
  return {
    load: () => Promise.resolve(readTailState(store.readMeta(META_KEY))),
    write(pieces, stateAfter) {
      let broken = 0;
      const calls = pieces.flatMap((piece) => {
        const lines = piece.toString('utf8').split('\n').slice(0, -1);
        return lines
          .filter((line) => line !== '')
          .flatMap((line) => {
            const call = parseCall(line);
            if (call === null) broken += 1;
            return call ?? [];
          });
      });
      const stored = store.add(calls, { key: META_KEY, value: writeTailState(stateAfter(broken)) }, MAX_PASSED_ON);
      onStored(calls.length, stored);
      return Promise.resolve(calls.length);
    },
  };
}
