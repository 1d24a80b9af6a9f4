import type { Client } from '@modelcontextprotocol/client';
import { tool as toolSchema, type Tool } from '../contract/index.ts';

const MAX_PAGES = 100;
const MAX_TOOLS = 10_000;
const MAX_DEPTH = 60;
const MAX_NAME = 256;

/** What a server lists is not acceptable; the message says what. */
export class ToolsRefused extends Error {
  override readonly name = 'ToolsRefused';
}

/** Whether `value` is nested deeper than `limit`, found without recursion, so that no input overflows the stack. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level
      .flatMap((item) => (typeof item === 'object' && item !== null ? (Object.values(item) as unknown[]) : []))
      .filter((item) => typeof item === 'object' && item !== null);
  }
  return false;
}

function readTool(listed: unknown): Tool {
  if (isDeeperThan(listed, MAX_DEPTH)) throw new ToolsRefused(`a tool is nested deeper than ${MAX_DEPTH} levels`);
  const parsed = toolSchema.safeParse(listed);
  if (!parsed.success) throw new ToolsRefused('a tool has no name or no input schema');
  if (parsed.data.name.length > MAX_NAME) throw new ToolsRefused(`a tool name is longer than ${MAX_NAME} characters`);
  return parsed.data;
}

/** Lists the tools of a connected server, every page, sorted by name. Throws ToolsRefused when there are too many, or what `request` throws. */
export async function listAllTools(client: Client, options: { timeout: number; signal: AbortSignal }): Promise<Tool[]> {
  if (client.getServerCapabilities()?.tools === undefined) return [];
  const tools = new Map<string, Tool>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; ; page += 1) {
    if (page >= MAX_PAGES) throw new ToolsRefused(`it lists tools on more than ${MAX_PAGES} pages`);
    const result = await client.request(
      { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
      options,
    );
    for (const listed of result.tools) {
      const tool = readTool(listed);
      if (tools.has(tool.name)) throw new ToolsRefused(`it lists the tool ${JSON.stringify(tool.name)} twice`);
      tools.set(tool.name, tool);
    }
    if (tools.size > MAX_TOOLS) throw new ToolsRefused(`it lists more than ${MAX_TOOLS} tools`);
    cursor = result.nextCursor;
    if (cursor === undefined || cursor === '') break;
    if (cursors.has(cursor)) throw new ToolsRefused('its list of tools never ends: it names the same next page twice');
    cursors.add(cursor);
  }
  return [...tools.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
