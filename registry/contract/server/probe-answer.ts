import { z } from 'zod';
import { textFinding } from '../tools/tool-lock.ts';
import { probeResult } from './probe.ts';

/** What `POST /api/probe` answers: what was found, and what in the texts of its tools looks like an attempt to steer a model. */
export const probeAnswer = probeResult.extend({
  findings: z.array(z.object({ tool: z.string().describe('its name'), findings: z.array(textFinding).min(1) })),
});
export type ProbeAnswer = z.infer<typeof probeAnswer>;
