import { McpServer, type Implementation } from '@modelcontextprotocol/server';
import { isRecord } from '@mcpgw/registry/contract';
import type { Params } from '../connection/message.ts';
import type { Known } from '../servers/create-server.ts';

const OFFERED = ['tools', 'prompts', 'resources', 'completions', 'logging', 'experimental'];

/** Capabilities of a program of the earlier protocol, as far as the modern one and the bridge support them. */
function offer(initialized: Params): Params {
  const capabilities = (initialized['capabilities'] ?? {}) as Params;
  const offered = Object.fromEntries(
    OFFERED.flatMap((name) => (name in capabilities ? [[name, capabilities[name]]] : [])),
  );
  if ('resources' in offered) offered['resources'] = { ...(offered['resources'] as Params), subscribe: false };
  return offered;
}

/** The SDK's server for one request of the modern protocol. Its requests are answered by `server.fallbackRequestHandler`. */
export class BridgedServer extends McpServer {
  readonly #tools: unknown[];

  constructor({ initialized, tools }: Pick<Known, 'initialized' | 'tools'>) {
    const { instructions } = initialized;
    super(initialized['serverInfo'] as Implementation, typeof instructions === 'string' ? { instructions } : {});
    // Passed to the constructor, they would make it answer list requests itself.
    this.server.registerCapabilities(offer(initialized));
    this.#tools = tools ?? [];
  }

  /** The SDK refuses a call whose headers (`Mcp-Param-…`) differ from the arguments that this schema declares as headers (`x-mcp-header`). */
  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    const tool = this.#tools.find((one) => isRecord(one) && one['name'] === name);
    const schema = isRecord(tool) ? tool['inputSchema'] : undefined;
    return isRecord(schema) ? schema : undefined;
  }
}
