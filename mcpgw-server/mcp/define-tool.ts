import type { McpServer, ToolAnnotations } from '@modelcontextprotocol/server';
import { showInvisible } from '@mcpgw/registry/contract';
import type { z } from 'zod';
import { createRegistryClient, type RegistryClient, type RegistryAccess } from '../client/registry-client.ts';
import { describeError, ToolError } from '../tool-error.ts';
import { advertise, readArguments } from './arguments.ts';

export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: Input;
  /** Arguments of earlier versions: accepted, ignored and not listed. */
  ignored?: readonly string[];
  /** Field of the REST API → argument of this tool, for errors that name one. */
  fields?: Readonly<Record<string, string>>;
  output: Output;
  annotations: ToolAnnotations;
  /** Adds the structured content as JSON text, for clients without structured content; used where the text is only a summary. */
  includeJsonText?: boolean;
  /** Executes the tool and returns structured content and text. Throws ToolError. */
  run: (request: RegistryClient, input: z.output<Input>) => Promise<{ data: z.input<Output>; text: string }>;
}

/** Registers a tool on the MCP server of one caller. */
export type RegisterTool = (server: McpServer, access: RegistryAccess, report: (error: unknown) => void) => void;

/** JSON with all invisible characters escaped, in member names too. */
function showValue<Value>(value: Value): Value {
  if (typeof value === 'string') return showInvisible(value) as Value;
  if (Array.isArray(value)) return value.map(showValue) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [showInvisible(name), showValue(member)]),
  ) as Value;
}

/**
 * Wraps a tool definition. Errors are returned as results with `isError`, so that the model can read cause and hint. Texts of servers pass
 * through here, so this is where control, bidirectional and invisible characters are escaped.
 */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output>,
): RegisterTool {
  return (server, access, report) => {
    server.registerTool(
      tool.name,
      {
        title: tool.title,
        description: tool.description,
        inputSchema: advertise(tool.input, 'input'),
        outputSchema: advertise(tool.output, 'output'),
        annotations: tool.annotations,
      },
      // The SDK's callback type is conditional on the schema's, which is not known here.
      (async (given: Record<string, unknown>, context: { mcpReq: { signal: AbortSignal } }) => {
        try {
          const input = readArguments(tool, given);
          const client = createRegistryClient({ ...access, fields: tool.fields ?? {} }, context.mcpReq.signal);
          const { data, text } = await tool.run(client, input);
          const structuredContent = showValue(tool.output.parse(data));
          const texts = tool.includeJsonText === true ? [text, JSON.stringify(structuredContent)] : [text];
          return { content: texts.map((item) => ({ type: 'text', text: showInvisible(item) })), structuredContent };
        } catch (thrown) {
          if (!(thrown instanceof ToolError)) report(thrown);
          return { content: [{ type: 'text', text: showInvisible(describeError(thrown)) }], isError: true };
        }
      }) as never,
    );
  };
}
