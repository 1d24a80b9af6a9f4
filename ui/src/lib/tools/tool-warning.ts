import type { ToolHit } from '@mcpgw/registry/contract';

const WAITING = { unpinned: null, approved: null, added: 'new, not approved', changed: 'changed, not approved' };

/** What one should know of a tool that a search found before it is called, in words; nothing where there is nothing to say. */
export function cautionOf({ findings, approval, callable }: Pick<ToolHit, 'findings' | 'approval' | 'callable'>): {
  caution?: string;
} {
  const said = [
    findings.length > 0 ? `${findings.length} flagged` : null,
    callable ? null : 'blocked',
    WAITING[approval],
  ].filter((word) => word !== null);
  return said.length === 0 ? {} : { caution: said.join(' · ') };
}
