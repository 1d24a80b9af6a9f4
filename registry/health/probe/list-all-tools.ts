import type { Client } from '@modelcontextprotocol/client';
import { tool as toolSchema, type ListedTools, type Tool } from '../../contract/index.ts';
import { validateTools } from './validate-tools.ts';

const MAX_PAGES = 100;
const MAX_TOOLS = 10_000;
const MAX_LEFT_OUT = 100;

/** The list of a server is invalid as a whole; the message says why. */
export class InvalidToolList extends Error {
  override readonly name = 'InvalidToolList';
}

/**
 * Lists the tools of a connected server, every page, sorted by name; invalid ones are omitted and named. Throws InvalidToolList when there are too many
 * of either, or what `request` throws.
 */
export async function listAllTools(
  client: Client,
  options: { timeout: number; signal: AbortSignal },
): Promise<ListedTools> {
  const { transport } = client;
  if (client.getServerCapabilities()?.tools === undefined || transport === undefined)
    return { tools: [], malformed: [] };
  const malformed = validateTools(transport, client.getProtocolEra() === 'modern' ? 'modern' : 'legacy');
  const tools = new Map<string, Tool>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; ; page += 1) {
    if (page >= MAX_PAGES) throw new InvalidToolList(`it has more than ${MAX_PAGES} pages`);
    const result = await client.request(
      { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
      options,
    );
    for (const listed of result.tools) {
      const tool = toolSchema.parse(listed);
      if (tools.has(tool.name)) throw new InvalidToolList(`the tool ${JSON.stringify(tool.name)} is listed twice`);
      tools.set(tool.name, tool);
    }
    if (tools.size > MAX_TOOLS) throw new InvalidToolList(`it has more than ${MAX_TOOLS} tools`);
    if (malformed.length > MAX_LEFT_OUT)
      throw new InvalidToolList(
        `more than ${MAX_LEFT_OUT} of its tools are invalid; one: ${malformed[0]?.problem ?? ''}`,
      );
    cursor = result.nextCursor;
    if (cursor === undefined || cursor === '') break;
    if (cursors.has(cursor)) throw new InvalidToolList('it never ends: the same cursor is sent twice');
    cursors.add(cursor);
  }
  return { tools: [...tools.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), malformed: [...malformed] };
}
