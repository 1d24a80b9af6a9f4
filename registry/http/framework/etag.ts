import { HttpProblem } from './problem.ts';

/** A revision as a strong ETag (RFC 9110 §8.8.3). */
export function writeEtag(revision: number): string {
  return `"${revision}"`;
}

/** The revision in `If-Match`; undefined when absent or `*`. Throws 400 when it is not one of our ETags. */
export function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const found = /^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(header);
  if (found !== null) return Number(found[1]);
  throw new HttpProblem(
    400,
    'Malformed If-Match',
    'If-Match must be one ETag as this API sends them, for example "12"',
  );
}
