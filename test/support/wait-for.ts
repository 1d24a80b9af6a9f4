/** Polls until `check` returns something that is neither undefined, null nor false, and returns it; throws with the last error after `limitMs`. */
export async function waitFor<T>(
  what: string,
  check: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  limitMs = 30_000,
): Promise<T> {
  const until = Date.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value !== undefined && value !== null && value !== false) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`waited ${limitMs} ms for ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
