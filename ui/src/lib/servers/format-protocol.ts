import type { ServerView } from '@mcpgw/registry/contract';

const ERAS = { legacy: 'session-based', modern: 'stateless' } as const;

/** "MCP 2025-11-25, session-based"; "Unknown" before a successful check. */
export function formatProtocol({ protocolVersion, era }: Pick<ServerView, 'protocolVersion' | 'era'>): string {
  if (protocolVersion === null) return 'Unknown';
  return `MCP ${protocolVersion}${era === null ? '' : `, ${ERAS[era]}`}`;
}
