import { isSpecType, specTypeSchemas } from '@modelcontextprotocol/client';
import type { MalformedTool } from '../../contract/index.ts';
import { isNestedDeeperThan } from '../../lib/nesting.ts';
import { quoteForeign } from '../explain/redact.ts';

const MAX_DEPTH = 60;
const MAX_NAME = 256;
const MAX_TOOL_BYTES = 64 * 1024;
const MAX_PROBLEM = 200;

function explainIssues(listed: unknown): string {
  const checked = specTypeSchemas.Tool['~standard'].validate(listed);
  const [issue] = 'issues' in checked ? (checked.issues ?? []) : [];
  if (issue === undefined) return 'outputSchema: expected a JSON schema of type object';
  const field = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  const message = issue.message.replace(/^Invalid (input|option): /, '');
  return field === '' ? message : `${field}: ${message}`;
}

/** Why MCP clients reject a tool as it is listed, or null: they accept it. */
function explainTool(listed: unknown, era: 'legacy' | 'modern'): string | null {
  // Before it is validated: that recurses as deep as the tool is nested.
  if (isNestedDeeperThan(listed, MAX_DEPTH)) return `nested deeper than ${MAX_DEPTH} levels`;
  // Not how large: the problem must not differ from list to list.
  if (Buffer.byteLength(JSON.stringify(listed)) > MAX_TOOL_BYTES) return 'larger than 64 KB';
  if (!isSpecType.Tool(listed)) return explainIssues(listed);
  if (listed.name.length > MAX_NAME) return `the name is longer than ${MAX_NAME} characters`;
  // Until 2025-11-25 an output schema must be what an input schema must be; the SDK's schema is that of later revisions.
  const { name, outputSchema } = listed;
  const isValid =
    era === 'modern' || outputSchema === undefined || isSpecType.Tool({ name, inputSchema: outputSchema });
  return isValid ? null : explainIssues(listed);
}

function nameOf(listed: unknown): string | null {
  const name = typeof listed === 'object' && listed !== null ? (listed as { name?: unknown }).name : undefined;
  return typeof name === 'string' ? name.slice(0, MAX_NAME) : null;
}

interface Transport {
  onmessage?: ((message: never, extra?: never) => void) | undefined;
}

/**
 * Removes invalid tools from each list that a connected transport passes to its client, since the SDK rejects a whole list because of one.
 * Returns the list in which they are collected. Nothing else of a message is changed.
 */
export function validateTools(transport: Transport, era: 'legacy' | 'modern'): readonly MalformedTool[] {
  const malformed: MalformedTool[] = [];
  const isValid = (listed: unknown): boolean => {
    const problem = explainTool(listed, era);
    if (problem !== null) malformed.push({ name: nameOf(listed), problem: quoteForeign(problem, MAX_PROBLEM) });
    return problem === null;
  };
  const deliver = transport.onmessage;
  transport.onmessage = (message: { result?: { tools?: unknown } }, extra) => {
    const tools = message.result?.tools;
    const filtered = Array.isArray(tools)
      ? { ...message, result: { ...message.result, tools: (tools as unknown[]).filter(isValid) } }
      : message;
    deliver?.(filtered as never, extra);
  };
  return malformed;
}

/** The problem and the remedy of a server that lists invalid tools, for its operator. */
export function explainInvalidTools(malformed: readonly MalformedTool[]): { problem: string; remedy: string } {
  const named = malformed.slice(0, 3).map(({ name, problem }) => {
    return `${name === null ? 'a tool without a name' : JSON.stringify(quoteForeign(name, 80))} (${problem})`;
  });
  const more = malformed.length > named.length ? ` and ${malformed.length - named.length} more` : '';
  return {
    problem: `Invalid tools, omitted: ${named.join(', ')}${more}`,
    remedy: 'Correct their definitions on the server: many MCP clients reject its whole list because of them.',
  };
}
