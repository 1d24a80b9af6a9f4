/** The idle sessions of all clients together, bounded in number. */
export interface InnerSessions {
  /** `end` is called when it is to make room. */
  add: (session: object, end: () => void) => void;
  remove: (session: object) => void;
}

const MAX_IDLE_OF_ALL = 2_000;

/** Creates an empty set. */
export function createInnerSessions(max = MAX_IDLE_OF_ALL): InnerSessions {
  /** Longest unused first. */
  const kept = new Map<object, () => void>();
  return {
    add(session, end) {
      kept.set(session, end);
      const [oldest] = kept;
      if (kept.size <= max || oldest === undefined) return;
      kept.delete(oldest[0]);
      oldest[1]();
    },
    remove: (session) => void kept.delete(session),
  };
}
