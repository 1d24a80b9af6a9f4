import type { CallView } from '../../contract/index.ts';
import { createPacer } from '../../lib/pacer.ts';
import type { CallStore } from '../../store/index.ts';
import { parseCall } from '../rollups/parse-call.ts';
import { readTailState, writeTailState } from '../tail/tail-state.ts';
import type { TailSink } from '../tail/tail.ts';

const META_KEY = 'places';
/** Maximum number of new calls of each batch that are passed on: the latest ones. */
const MAX_PASSED_ON = 200;
/** Creates the sink that stores each line of calls.log as a call. `onStored` gets the number of lines and the latest of them. */
export function createCallSink(store: CallStore, onStored: (lines: number, calls: CallView[]) => void): TailSink {
  return {
    load: () => Promise.resolve(readTailState(store.readMeta(META_KEY))),
    async write(pieces, stateAfter) {
      let broken = 0;
      let lines = 0;
      const pacer = createPacer();
      const batch = store.begin();
      try {
        for (const piece of pieces)
          for (const line of piece.toString('utf8').split('\n')) {
            if (line === '') continue;
            const call = parseCall(line);
            if (call === null) broken += 1;
            else {
              batch.add(call);
              lines += 1;
            }
            if (pacer.isDue()) await pacer.pause();
          }
        onStored(lines, batch.commit({ key: META_KEY, value: writeTailState(stateAfter(broken)) }, MAX_PASSED_ON));
      } catch (error) {
        batch.rollback();
        throw error;
      }
      return lines;
    },
  };
}
