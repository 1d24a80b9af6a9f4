/** What the last registry left, whatever moment it ended at. */
export interface Leftovers {
  /** The generation that `current` points to; null when it points nowhere. */
  current: number | null;
  /** The generation that was last verified, as the data folder says. */
  verified: number | null;
  /** Generations whose folder is there. */
  folders: readonly number[];
  /** The generation that NGINX says it serves. */
  served: number | null;
  /** Generations that are recorded as staged. */
  staged: readonly number[];
  /** Whether generation 0 had to be written again, because the settings make it another one. */
  isZeroRewritten: boolean;
}

/** What brings the data folder and the records into order. */
export interface Recovery {
  /** Where `current` shall point; null when it points there. */
  switchTo: number | null;
  /** A generation whose run was interrupted after NGINX had taken it: it is verified. */
  verified: number | null;
  /** Generations whose run was interrupted before. */
  failed: readonly number[];
  /** What NGINX holds in memory may be another generation 0 than the one on disk. */
  mustPublish: boolean;
}

/** Decides how to recover from the end of the last registry. Pure. */
export function planRecovery(found: Leftovers): Recovery {
  const { verified, served, folders } = found;
  const isThere = (number: number | null): number is number => number !== null && folders.includes(number);
  const current = isThere(found.current) ? found.current : isThere(verified) ? verified : 0;
  const isTaken = (number: number) => number === served && served === current;
  return {
    switchTo: current === found.current ? null : current,
    verified: found.staged.find(isTaken) ?? null,
    failed: found.staged.filter((number) => !isTaken(number) && number !== 0),
    mustPublish: found.isZeroRewritten && served === 0,
  };
}
