import { isSpecType, specTypeSchemas } from '@modelcontextprotocol/client';
import type { LeftOutTool } from '../../contract/index.ts';
import { isNestedDeeperThan } from '../../nesting.ts';
import { quoteForeign } from '../explain/redact.ts';

const MAX_DEPTH = 60;
const MAX_NAME = 256;
const MAX_WORDS = 200;

function explainIssues(listed: unknown): string {
  const checked = specTypeSchemas.Tool['~standard'].validate(listed);
  const [issue] = 'issues' in checked ? (checked.issues ?? []) : [];
  if (issue === undefined) return 'outputSchema: it is no JSON schema of an object';
  const field = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  const words = issue.message.replace(/^Invalid (input|option): /, '');
  return field === '' ? words : `${field}: ${words}`;
}

/** Why MCP clients do not take a tool as it is listed, or null: they do. */
function explainTool(listed: unknown, era: 'legacy' | 'modern'): string | null {
  // Before any schema looks at it: that would go as deep as the tool does.
  if (isNestedDeeperThan(listed, MAX_DEPTH)) return `it is nested deeper than ${MAX_DEPTH} levels`;
  if (!isSpecType.Tool(listed)) return explainIssues(listed);
  if (listed.name.length > MAX_NAME) return `its name is longer than ${MAX_NAME} characters`;
  // Until 2025-11-25 an output schema must be what an input schema must be; the SDK's schema is that of later revisions.
  const { name, outputSchema } = listed;
  const isRight =
    era === 'modern' || outputSchema === undefined || isSpecType.Tool({ name, inputSchema: outputSchema });
  return isRight ? null : explainIssues(listed);
}

function nameOf(listed: unknown): string | null {
  const name = typeof listed === 'object' && listed !== null ? (listed as { name?: unknown }).name : undefined;
  return typeof name === 'string' ? name.slice(0, MAX_NAME) : null;
}

interface Transport {
  onmessage?: ((message: never, extra?: never) => void) | undefined;
}

/**
 * Takes malformed tools out of each list that a connected transport hands to its client, and gives where they are put: the SDK refuses
 * a whole list because of one. Nothing else of a message is touched.
 */
export function siftTools(transport: Transport, era: 'legacy' | 'modern'): readonly LeftOutTool[] {
  const leftOut: LeftOutTool[] = [];
  const isRight = (listed: unknown): boolean => {
    const problem = explainTool(listed, era);
    if (problem !== null) leftOut.push({ name: nameOf(listed), problem: quoteForeign(problem, MAX_WORDS) });
    return problem === null;
  };
  const deliver = transport.onmessage;
  transport.onmessage = (message: { result?: { tools?: unknown } }, extra) => {
    const tools = message.result?.tools;
    const sifted = Array.isArray(tools)
      ? { ...message, result: { ...message.result, tools: (tools as unknown[]).filter(isRight) } }
      : message;
    deliver?.(sifted as never, extra);
  };
  return leftOut;
}

/** The problem and the remedy of a server that lists tools wrongly, for its operator. */
export function explainLeftOut(leftOut: readonly LeftOutTool[]): { problem: string; remedy: string } {
  const named = leftOut.slice(0, 3).map(({ name, problem }) => {
    return `${name === null ? 'one without a name' : JSON.stringify(quoteForeign(name, 80))} (${problem})`;
  });
  const more = leftOut.length > named.length ? ` and ${leftOut.length - named.length} more` : '';
  return {
    problem: `tools that it lists wrongly are left out: ${named.join(', ')}${more}`,
    remedy: 'Correct their definitions on the server: many MCP clients refuse its whole list because of them.',
  };
}
