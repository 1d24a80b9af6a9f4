import { createHash } from 'node:crypto';
import { TOOL_MEMBERS, type Tool } from '../../contract/index.ts';

function writeText(text: string): string {
  return `"${Buffer.byteLength(text)}:${text}`;
}

function write(value: unknown): string {
  if (typeof value === 'string') return writeText(value);
  // Enough digits to represent every double exactly; -0 is 0.
  if (typeof value === 'number') return (value + 0).toExponential(16);
  if (Array.isArray(value)) return `[${value.map(write).join('')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${members.map(([key, member]) => writeText(key) + write(member)).join('')}}`;
}

/** The text that the gate compares (nginx/gate/upstream/lists/canonical-tool.ts): equal definitions have equal texts. */
export function canonicalizeTool(tool: Tool): string {
  return write(Object.fromEntries(Object.entries(tool).filter(([member]) => TOOL_MEMBERS[member] === true)));
}

/** The hash by which the gate identifies an approved definition: SHA-256, hex. */
export function hashForGate(tool: Tool): string {
  return createHash('sha256').update(canonicalizeTool(tool)).digest('hex');
}
