import type { McpServer, ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { describeError, ToolError } from '../tool-error.ts';
import { createRegistryClient, type RegistryClient, type RegistryAccess } from '../client/registry-client.ts';

export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: Input;
  output: Output;
  annotations: ToolAnnotations;
  /** Adds the structured content as JSON text, for clients without structured content; used where the text is only a summary. */
  includeJsonText?: boolean;
  /** Executes the tool and returns structured content and text. Throws ToolError. */
  run: (request: RegistryClient, input: z.output<Input>) => Promise<{ data: z.input<Output>; text: string }>;
}

/** Registers a tool on the MCP server of one caller. */
export type RegisterTool = (server: McpServer, access: RegistryAccess, report: (error: unknown) => void) => void;

const NEEDS_KEY = 'Requires an API key and has its permissions.';

/** Wraps a tool definition. Errors are returned as results with `isError`, so that the model can read cause and hint. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output>,
): RegisterTool {
  return (server, access, report) => {
    server.registerTool<Output, Input>(
      tool.name,
      {
        title: tool.title,
        description: `${tool.description} ${NEEDS_KEY}`,
        inputSchema: tool.input,
        outputSchema: tool.output,
        annotations: { title: tool.title, ...tool.annotations },
      },
      // The SDK's callback type is conditional on Input, which is not known here.
      (async (input: z.output<Input>, context: { mcpReq: { signal: AbortSignal } }) => {
        try {
          const { data, text } = await tool.run(createRegistryClient(access, context.mcpReq.signal), input);
          const structuredContent = tool.output.parse(data);
          const texts = tool.includeJsonText === true ? [text, JSON.stringify(structuredContent)] : [text];
          return { content: texts.map((item) => ({ type: 'text', text: item })), structuredContent };
        } catch (thrown) {
          if (!(thrown instanceof ToolError)) report(thrown);
          return { content: [{ type: 'text', text: describeError(thrown) }], isError: true };
        }
      }) as never,
    );
  };
}
