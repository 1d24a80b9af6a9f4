import type { RecordingFetch } from './recording-fetch.ts';

/**
 * Asks the server to end the session that `recording` saw (DELETE, MCP 2025-11-25 "Session Management"); does nothing without one.
 * Never throws: a server may refuse it (405), or be gone by now.
 */
export async function endSession(
  recording: RecordingFetch,
  {
    url,
    headers,
    protocolVersion,
  }: { url: string; headers: Record<string, string>; protocolVersion?: string | undefined },
): Promise<void> {
  const { sessionId } = recording;
  if (sessionId === null) return;
  try {
    const reply = await recording.fetch(url, {
      method: 'DELETE',
      headers: {
        ...headers,
        'mcp-session-id': sessionId,
        ...(protocolVersion === undefined ? {} : { 'mcp-protocol-version': protocolVersion }),
      },
    });
    await reply.body?.cancel();
  } catch {
    // There is nothing more to do.
  }
}
