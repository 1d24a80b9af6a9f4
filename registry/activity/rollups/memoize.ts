/** Results held at a time. */
const MAX_RESULTS = 200;

/**
 * Memoizes `read` by its argument for `maxAgeMs`; concurrent calls share one read, and failures are not held. For data that is costly to read and
 * requested by every open window. `nowMs` is a monotonic clock.
 */
export function memoize<Argument, Result>(
  read: (argument: Argument) => Promise<Result>,
  maxAgeMs: number,
  nowMs: () => number = () => performance.now(),
): (argument: Argument) => Promise<Result> {
  const results = new Map<string, { result: Promise<Result>; expiresMs: number }>();
  return (argument) => {
    const key = JSON.stringify(argument);
    const known = results.get(key);
    if (known !== undefined && nowMs() < known.expiresMs) return known.result;
    results.delete(key);
    const result = read(argument);
    results.set(key, { result, expiresMs: nowMs() + maxAgeMs });
    const oldest = results.keys().next().value;
    if (results.size > MAX_RESULTS && oldest !== undefined) results.delete(oldest);
    result.catch(() => results.delete(key));
    return result;
  };
}
