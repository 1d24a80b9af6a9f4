import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/client';
import { LEGACY_VERSION, MODERN_VERSION, type Era } from '../../contract/index.ts';
import { CLIENT_INFO } from '../../lib/version.ts';

/** The revision of MCP in which a request is made; no version: none has been agreed on yet. */
export interface Dialect {
  era: Era;
  version: string | null;
}

/** The code of the error by which a server refuses a revision (MCP 2026-07-28). */
export const UNSUPPORTED_VERSION = -32022;
export const MODERN: Dialect = { era: 'modern', version: MODERN_VERSION };
export const UNAGREED: Dialect = { era: 'legacy', version: null };

/** Whether a server of the legacy era may answer `initialize` with this version. */
export function isKnownLegacy(version: string): boolean {
  return SUPPORTED_PROTOCOL_VERSIONS.includes(version) && version < MODERN_VERSION;
}

/** The parameters of `initialize`. */
export const INITIALIZE = { protocolVersion: LEGACY_VERSION, capabilities: {}, clientInfo: CLIENT_INFO };

/** Headers and parameters of a request as its dialect requires them (MCP 2025-11-25 and 2026-07-28, "Transports"). */
export function applyDialect(
  method: string,
  params: Record<string, unknown>,
  { era, version }: Dialect,
): { headers: Record<string, string>; params: Record<string, unknown> } {
  const headers = version === null ? {} : { 'mcp-protocol-version': version };
  if (era === 'legacy') return { headers, params };
  const _meta = {
    [PROTOCOL_VERSION_META_KEY]: version,
    [CLIENT_INFO_META_KEY]: CLIENT_INFO,
    [CLIENT_CAPABILITIES_META_KEY]: {},
  };
  return { headers: { ...headers, 'mcp-method': method }, params: { ...params, _meta } };
}
