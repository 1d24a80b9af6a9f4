let seed = 0;

/** A secret number of this worker, by which keys of bodies are hashed. */
export function hashSeed(): number {
  return seed;
}

export function setHashSeed(drawn: number): void {
  seed = drawn;
}
