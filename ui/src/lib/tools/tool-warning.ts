import type { ToolHit } from '@mcpgw/registry/contract';

const APPROVAL_WARNINGS = {
  unlocked: null,
  approved: null,
  added: 'new, not approved',
  changed: 'changed, not approved',
};

/** A short warning about a tool in search results: flagged, blocked or not approved. Empty if there is none. */
export function toolWarning({ findings, approval, callable }: Pick<ToolHit, 'findings' | 'approval' | 'callable'>): {
  warning?: string;
} {
  const warnings = [
    findings.length > 0 ? `${findings.length} flagged` : null,
    callable ? null : 'blocked',
    APPROVAL_WARNINGS[approval],
  ].filter((warning) => warning !== null);
  return warnings.length === 0 ? {} : { warning: warnings.join(' · ') };
}
