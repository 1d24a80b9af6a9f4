import { createPacer } from '../../lib/pacer.ts';
import type { Store } from '../../store/index.ts';
import { readTailState, writeTailState } from '../tail/tail-state.ts';
import type { TailSink } from '../tail/tail.ts';
import { createCardinalityLimit } from './cardinality-limit.ts';
import { createKeyUses } from './key-uses.ts';
import { createCallGrouping } from './group-calls.ts';
import { rollUp } from './roll-up.ts';

const META_KEY = 'activity.places';

export interface RollupSinkOptions {
  store: Pick<Store, 'transaction' | 'meta'>;
  /** Lines before this would be pruned immediately, so they are not counted. Epoch milliseconds. */
  oldestMs: () => number;
  now: () => number;
}

/** Creates the sink that adds lines of calls.log to the rollups. */
export function createRollupSink({ store, oldestMs, now }: RollupSinkOptions): TailSink {
  const isWithinLimit = createCardinalityLimit();
  const listKeyUses = createKeyUses();
  return {
    load: async () => readTailState(await store.meta.get(META_KEY)),
    async write(pieces, stateAfter) {
      const grouping = createCallGrouping(now(), oldestMs());
      const pacer = createPacer();
      for (const piece of pieces) {
        grouping.add(piece);
        if (pacer.isDue()) await pacer.pause();
      }
      const { groups, broken } = grouping.result();
      const rows = rollUp(groups, isWithinLimit);
      const uses = listKeyUses(groups);
      await store.transaction(async (tx) => {
        await tx.calls.add(rows);
        await tx.keyUses.put(uses);
        await tx.meta.put(META_KEY, writeTailState(stateAfter(broken)));
      });
      return groups.reduce((sum, { lines }) => sum + lines, 0);
    },
  };
}
