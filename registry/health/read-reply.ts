/**
 * The JSON-RPC reply with this id in the body of a POST, JSON or SSE (MCP Streamable HTTP). Undefined when there is none.
 * Stops reading as soon as it has come. Throws what the body throws.
 */
export async function readReply(reply: Response, id: number): Promise<Record<string, unknown> | undefined> {
  const type = reply.headers.get('content-type') ?? '';
  if (reply.body === null) return undefined;
  if (!/^text\/event-stream/i.test(type)) return pick(await reply.text(), id);
  const decoder = new TextDecoder();
  let text = '';
  const reader = reply.body.getReader();
  try {
    for (;;) {
      const chunk = (await reader.read()) as { done: boolean; value?: Uint8Array };
      const { done } = chunk;
      if (!done) text += decoder.decode(chunk.value, { stream: true });
      const blocks = text.replace(/\r\n?/g, '\n').split('\n\n');
      // What follows the last blank line may not be whole yet.
      text = done ? '' : (blocks.pop() ?? '');
      for (const block of blocks) {
        const data = block
          .split('\n')
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice('data:'.length).replace(/^ /, ''))
          .join('\n');
        const found = pick(data, id);
        if (found !== undefined) return found;
      }
      if (done) return undefined;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function pick(text: string, id: number): Record<string, unknown> | undefined {
  try {
    const message = JSON.parse(text) as unknown;
    if (typeof message !== 'object' || message === null) return undefined;
    const record = message as Record<string, unknown>;
    return record['jsonrpc'] === '2.0' && record['id'] === id ? record : undefined;
  } catch {
    return undefined;
  }
}
