import type { McpServer, ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { describeError, ToolError } from '../tool-error.ts';
import { createRegistryClient, type AskRegistry, type RegistryAccess } from '../client/registry-client.ts';

export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  name: string;
  title: string;
  description: string;
  input: Input;
  output: Output;
  annotations: ToolAnnotations;
  /** The text alone does not say all: clients that know no structured content get it as JSON text too. */
  alsoAsJson?: boolean;
  /** Does it, and says it in structure and in words. Throws ToolError. */
  run: (ask: AskRegistry, given: z.output<Input>) => Promise<{ data: z.input<Output>; text: string }>;
}

/** Registers a tool on a server that acts in the name of one caller. */
export type RegisterTool = (server: McpServer, access: RegistryAccess, report: (fault: unknown) => void) => void;

const NEEDS_KEY = 'A key is needed: this acts with the rights of the key that this connection was made with.';

/** Makes a tool of its definition. Failures are results with `isError`, so that the model can read cause and remedy. */
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
      (async (given: z.output<Input>, context: { mcpReq: { signal: AbortSignal } }) => {
        try {
          const { data, text } = await tool.run(createRegistryClient(access, context.mcpReq.signal), given);
          const structuredContent = tool.output.parse(data);
          const texts = tool.alsoAsJson === true ? [text, JSON.stringify(structuredContent)] : [text];
          return { content: texts.map((said) => ({ type: 'text', text: said })), structuredContent };
        } catch (thrown) {
          if (!(thrown instanceof ToolError)) report(thrown);
          return { content: [{ type: 'text', text: describeError(thrown) }], isError: true };
        }
      }) as never,
    );
  };
}
