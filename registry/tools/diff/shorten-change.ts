import type { Tool } from '../../contract/index.ts';
import type { ToolDifference } from './diff-tools.ts';

const MAX_TEXT = 4_000;
const MAX_SCHEMA = 16_000;

function shortenText(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const start = text.slice(0, MAX_TEXT).replace(/[\ud800-\udbff]$/, '');
  return `${start}… [${text.length - start.length} more characters are not stored]`;
}

function shortenObject<Value extends object>(value: Value): Value | { $comment: string } {
  const { length } = JSON.stringify(value);
  return length <= MAX_SCHEMA ? value : { $comment: `${length} characters are not stored` };
}

function shortenTool(tool: Tool): Tool {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  return {
    name,
    ...(title !== undefined && { title: shortenText(title) }),
    ...(description !== undefined && { description: shortenText(description) }),
    inputSchema: shortenObject(inputSchema),
    ...(outputSchema !== undefined && { outputSchema: shortenObject(outputSchema) }),
    ...(annotations !== undefined && { annotations: shortenObject(annotations) }),
  };
}

/** A change as it is stored: long texts truncated, large schemas omitted, each with a note of how much is missing. */
export function shortenChange(change: ToolDifference): ToolDifference {
  return {
    ...change,
    before: change.before && shortenTool(change.before),
    after: change.after && shortenTool(change.after),
  };
}
