import bcrypt from 'bcrypt';

/** bcrypt silently ignores bytes after these. */
const MAX_BYTES = 72;

/** Hashing and checking of people's passwords. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Whether `password` matches `hash`. Without a hash (no such user) it takes as long and returns false, so that timing does not reveal names. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
}

/** bcrypt with `cost` (2^cost rounds), off the main thread. */
export function createPasswords(cost: number): Passwords {
  // Well-formed, so that bcrypt works as long on it as on a real one. It is not computed, which would slow down every start.
  const nobody = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
  return {
    hash: (password) => bcrypt.hash(password, cost),
    async verify(password, hash) {
      // Empty: an imported user whose password was left out.
      const known = hash === '' ? undefined : hash;
      const same = await bcrypt.compare(password, known ?? nobody);
      return same && known !== undefined && Buffer.byteLength(password) <= MAX_BYTES;
    },
  };
}
