import type { RecordingFetch } from './recording-fetch.ts';

/**
 * Requests the end of the session that was opened through `recording` (DELETE, MCP 2025-11-25 "Session Management"); does nothing without one.
 * Never throws: a server may refuse it (405), or no longer exist.
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
    // Nothing else can be done.
  }
}
