import type { CallToolResult } from '@modelcontextprotocol/client';
import type { Output } from '../output/index.ts';

type Block = CallToolResult['content'][number];

function size(base64: string): string {
  return `${Math.max(1, Math.round((base64.length * 3) / 4 / 1024))} kB`;
}

function showBlock(block: Block): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return `[${block.type} ${block.mimeType}, ${size(block.data)}; shown with --json]`;
    case 'resource_link':
      return `[${block.name}: ${block.uri}]`;
    case 'resource':
      return 'text' in block.resource
        ? `[${block.resource.uri}]\n${block.resource.text}`
        : `[${block.resource.uri}, ${size(block.resource.blob)}; shown with --json]`;
  }
}

/** Prints the result of a tool: its content, or its structured content if there is no other. */
export function showResult(output: Output, { content, structuredContent }: CallToolResult): void {
  for (const block of content) output.text(showBlock(block));
  if (content.length === 0 && structuredContent !== undefined) output.text(JSON.stringify(structuredContent, null, 2));
}
