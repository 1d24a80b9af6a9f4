export type Era = 'legacy' | 'modern';

/** The first revision without sessions: from it on every request says all that it needs. */
const FIRST_MODERN = '2026-07-28';

/** The protocol era of a request, by its `MCP-Protocol-Version` header, else by its body's `_meta`. Revisions are dates, so they compare. */
export function detectEra(header: string | undefined, inBody: string | undefined): Era {
  const version = header ?? inBody;
  return version !== undefined && version.length === 10 && version >= FIRST_MODERN && version < '3'
    ? 'modern'
    : 'legacy';
}
