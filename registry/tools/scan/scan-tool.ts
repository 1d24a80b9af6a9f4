import type { TextFinding, Tool } from '../../contract/index.ts';
import { scanText } from './scan-text.ts';

const MAX_TEXTS = 2_000;
const MAX_FINDINGS = 50;

/** Every text of a tool with its field: a model reads parameter descriptions, defaults and names as well as the description. */
function* listTexts(tool: Tool): Generator<[field: string, text: string]> {
  const pending: [string, unknown][] = Object.entries(tool).reverse();
  for (let count = 0; pending.length > 0 && count < MAX_TEXTS; count += 1) {
    const [field, value] = pending.pop() ?? ['', null];
    if (typeof value === 'string') yield [field, value];
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value).reverse()) {
        pending.push([`${field}.${name}`, member]);
        if (!Array.isArray(value) && name.length > 24) pending.push([`${field}.${name} (name)`, name]);
      }
  }
}

/** Scans every text of a tool for attempts to influence the model; at most 50 findings. */
export function scanTool(tool: Tool): TextFinding[] {
  const found: TextFinding[] = [];
  for (const [field, text] of listTexts(tool)) {
    for (const finding of scanText(text)) found.push({ field, ...finding });
    if (found.length >= MAX_FINDINGS) break;
  }
  return found.slice(0, MAX_FINDINGS);
}
