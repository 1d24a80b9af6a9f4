/** State that the previous registry left, at whatever moment it ended. */
export interface Leftovers {
  /** The generation that `current` points to; null if none. */
  current: number | null;
  /** The generation that was last verified, according to the data folder. */
  verified: number | null;
  /** Generations whose folder exists. */
  folders: readonly number[];
  /** The generation that NGINX reports to serve. */
  served: number | null;
  /** Generations that are recorded as staged. */
  staged: readonly number[];
  /** Whether generation 0 had to be rewritten, because the settings changed it. */
  isZeroRewritten: boolean;
}

/** The actions that make the data folder and the records consistent. */
export interface Recovery {
  /** New target of `current`; null if it is correct. */
  switchTo: number | null;
  /** A generation whose run was interrupted after NGINX had loaded it: it is verified. */
  verified: number | null;
  /** Generations whose run was interrupted before that. */
  failed: readonly number[];
  /** The generation 0 that NGINX has loaded may differ from the one on disk. */
  mustPublish: boolean;
}

/** Decides how to recover after the previous registry ended. Pure. */
export function planRecovery(found: Leftovers): Recovery {
  const { verified, served, folders } = found;
  const exists = (number: number | null): number is number => number !== null && folders.includes(number);
  const current = exists(found.current) ? found.current : exists(verified) ? verified : 0;
  const isLoaded = (number: number) => number === served && served === current;
  return {
    switchTo: current === found.current ? null : current,
    verified: found.staged.find(isLoaded) ?? null,
    failed: found.staged.filter((number) => !isLoaded(number) && number !== 0),
    mustPublish: found.isZeroRewritten && served === 0,
  };
}
