import { createParser, type EventSourceMessage } from 'eventsource-parser';

/**
 * Reads a stream of server-sent events only until `pick` returns something for one of them, and returns that; undefined when the stream ends
 * or `maxBytes` were read before. Leaving it destroys the stream.
 */
export async function findEvent<Found>(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  pick: (event: EventSourceMessage) => Found | undefined,
): Promise<Found | undefined> {
  const decoder = new TextDecoder();
  let found: Found | undefined;
  const parser = createParser({
    onEvent(event) {
      found ??= pick(event);
    },
  });
  let readBytes = 0;
  for await (const chunk of body) {
    readBytes += chunk.byteLength;
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (found !== undefined) return found;
    if (readBytes > maxBytes) return undefined;
  }
  // The last event may lack the blank line that ends it.
  parser.feed('\n\n');
  return found;
}
