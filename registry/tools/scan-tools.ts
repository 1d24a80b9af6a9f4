import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TextFinding, Tool } from '../contract/index.ts';
import { scanTool } from './scan/scan-tool.ts';

/** Number of tools scanned per turn of the event loop. */
const SLICE = 25;

/** The tools whose texts have findings, with these findings. */
export async function scanTools(tools: readonly Tool[]): Promise<{ tool: string; findings: TextFinding[] }[]> {
  const found = [];
  for (const [index, tool] of tools.entries()) {
    if (index > 0 && index % SLICE === 0) await nextTurn();
    const findings = scanTool(tool);
    if (findings.length > 0) found.push({ tool: tool.name, findings });
  }
  return found;
}
