import type { ToolHit } from '@mcpgw/registry/contract';
import type { Tone } from '../servers/status-labels.ts';

export const FLAGS = ['flagged', 'blocked', 'waiting'] as const;
export type Flag = (typeof FLAGS)[number];

export const FLAG_LABELS: Record<Flag, { label: string; tone: Tone }> = {
  flagged: { label: 'Flagged', tone: 'bad' },
  blocked: { label: 'Blocked', tone: 'bad' },
  waiting: { label: 'Not approved', tone: 'warn' },
};

/** The flags of a tool: flagged text, blocked by the tool lock, waiting for approval. */
export function listFlags({
  findings,
  approval,
  callable,
}: Pick<ToolHit, 'findings' | 'approval' | 'callable'>): Flag[] {
  const holds: Record<Flag, boolean> = {
    flagged: findings.length > 0,
    blocked: !callable,
    waiting: callable && (approval === 'added' || approval === 'changed'),
  };
  return FLAGS.filter((flag) => holds[flag]);
}
