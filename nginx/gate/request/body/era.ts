import { MODERN_VERSION } from '../../../../registry/contract/gate/protocol-versions.ts';

export type Era = 'legacy' | 'modern';

/** The protocol era of a request, by its `MCP-Protocol-Version` header, else by its body's `_meta`. Revisions are dates, so they sort as text. */
export function detectEra(header: string | undefined, inBody: string | undefined): Era {
  const version = header ?? inBody;
  return version !== undefined && version.length === 10 && version >= MODERN_VERSION && version < '3'
    ? 'modern'
    : 'legacy';
}
