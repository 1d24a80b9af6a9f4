import { isSpecType, specTypeSchemas } from '@modelcontextprotocol/client';
import { isNestedDeeperThan, type Era, type MalformedTool } from '../../contract/index.ts';
import { quoteForeign } from '../explain/redact.ts';
import type { Flaw } from '../probe/flaw.ts';
import { explainJsonSchema } from './validate-json-schema.ts';

const MAX_DEPTH = 60;
const MAX_NAME = 256;
const MAX_TOOL_BYTES = 64 * 1024;

function explainIssues(listed: unknown): string {
  const checked = specTypeSchemas.Tool['~standard'].validate(listed);
  const [issue] = 'issues' in checked ? (checked.issues ?? []) : [];
  if (issue === undefined) return 'outputSchema: expected a JSON schema of type object';
  const field = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  const message = issue.message.replace(/^Invalid (input|option): /, '');
  return field === '' ? message : `${field}: ${message}`;
}

/** Why MCP clients reject a listed tool, or null if they accept it. */
export function explainTool(listed: unknown, era: Era): string | null {
  // Before it is validated: that recurses as deep as the tool is nested.
  if (isNestedDeeperThan(listed, MAX_DEPTH)) return `nested deeper than ${MAX_DEPTH} levels`;
  // Without the size: the problem must not differ between lists.
  if (Buffer.byteLength(JSON.stringify(listed)) > MAX_TOOL_BYTES) return 'larger than 64 KB';
  if (!isSpecType.Tool(listed)) return explainIssues(listed);
  if (listed.name.length > MAX_NAME) return `the name is longer than ${MAX_NAME} characters`;
  // Up to 2025-11-25 an output schema has the rules of an input schema; the SDK's schema is that of later revisions.
  const { name, inputSchema, outputSchema } = listed;
  const isValid =
    era === 'modern' || outputSchema === undefined || isSpecType.Tool({ name, inputSchema: outputSchema });
  if (!isValid) return explainIssues(listed);
  return (
    explainJsonSchema(inputSchema, 'inputSchema') ??
    (outputSchema === undefined ? null : explainJsonSchema(outputSchema, 'outputSchema'))
  );
}

/** The name of a listed tool, or null when it has none. */
export function nameOf(listed: unknown): string | null {
  const name = typeof listed === 'object' && listed !== null ? (listed as { name?: unknown }).name : undefined;
  return typeof name === 'string' ? name.slice(0, MAX_NAME) : null;
}

/** What is wrong with a server that lists malformed tools, and what to do; null when it lists none. */
export function explainMalformed(malformed: readonly MalformedTool[]): Flaw | null {
  if (malformed.length === 0) return null;
  const named = malformed.slice(0, 3).map(({ name, problem }) => {
    return `${name === null ? 'a tool without a name' : JSON.stringify(quoteForeign(name, 80))} (${problem})`;
  });
  const more = malformed.length > named.length ? ` and ${malformed.length - named.length} more` : '';
  return {
    problem: `Invalid tools, omitted: ${named.join(', ')}${more}`,
    remedy: 'Correct their definitions on the server: many MCP clients reject its whole list because of them.',
  };
}
