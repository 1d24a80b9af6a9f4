/** The idle sessions of all clients together, bounded in number. */
export interface InnerSessions {
  /** `end` is called when the session must make room for another. */
  add: (session: object, end: () => void) => void;
  remove: (session: object) => void;
}

const MAX_IDLE_OF_ALL = 2_000;

/** Creates an empty set. */
export function createInnerSessions(max = MAX_IDLE_OF_ALL): InnerSessions {
  /** Longest unused first. */
  const sessions = new Map<object, () => void>();
  return {
    add(session, end) {
      sessions.set(session, end);
      const [oldest] = sessions;
      if (sessions.size <= max || oldest === undefined) return;
      sessions.delete(oldest[0]);
      oldest[1]();
    },
    remove: (session) => void sessions.delete(session),
  };
}
