import { z } from 'zod';
import { textFinding } from '../tools/tool-lock.ts';
import { probeResult } from './probe.ts';

/** The response of `POST /api/probe`: what was found, and parts of the texts of its tools that look like an attempt to steer a model. */
export const probeResponse = probeResult.extend({
  findings: z.array(z.object({ tool: z.string().describe('its name'), findings: z.array(textFinding).min(1) })),
});
export type ProbeResponse = z.infer<typeof probeResponse>;
