let seed = 0;

/** A secret number of this worker, used to hash keys of bodies. */
export function hashSeed(): number {
  return seed;
}

export function setHashSeed(drawn: number): void {
  seed = drawn;
}
