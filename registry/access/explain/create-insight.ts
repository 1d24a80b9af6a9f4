import { createExplain, type ExplainOptions } from './explain.ts';
import { createPreview } from './preview.ts';
import { createProposal } from './propose-grant.ts';

/** Answers questions about grants, using the gate's own rules. */
export function createInsight(options: ExplainOptions) {
  return {
    explain: createExplain(options),
    preview: createPreview(options),
    proposeGrant: createProposal(options),
  };
}
