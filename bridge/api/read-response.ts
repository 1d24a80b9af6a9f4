import type { Response } from 'undici';
import type { Params } from '../connection/message.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_TEXT = 1024 * 1024;
const MAX_ERROR_TEXT = 8 * 1024;

interface Read {
  bytes: Buffer;
  isCut: boolean;
}

async function readBytes(response: Response): Promise<Read> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop ends the connection.
    if (length > MAX_BYTES) return { bytes: Buffer.concat(chunks).subarray(0, MAX_BYTES), isCut: true };
  }
  return { bytes: Buffer.concat(chunks), isCut: false };
}

const text = (value: string, isError = false): Params => ({
  content: [{ type: 'text', text: value }],
  ...(isError && { isError }),
});

/** A tool result that reports an error. */
export const errorResult = (message: string): Params => text(message, true);

function isText(type: string, bytes: Buffer): boolean {
  if (/^text\/|[/+](json|xml|yaml|x-yaml|javascript|x-www-form-urlencoded|x-ndjson)$/.test(type)) return true;
  if (type !== '') return false;
  return !bytes.subarray(0, 1_000).includes(0);
}

function cut(value: string, max: number, isCut: boolean): string {
  if (value.length <= max && !isCut) return value;
  return `${value.slice(0, max)}\n… (cut here: the response is longer)`;
}

/** Converts the response of an API to a tool result: text unchanged, images and audio as such, other bytes as a resource; 4xx and 5xx as errors. */
export async function readResponse(response: Response, uri: string): Promise<Params> {
  const { status, statusText } = response;
  const mimeType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const { bytes, isCut } = await readBytes(response);
  const isReadable = isText(mimeType, bytes);
  const line = `HTTP ${status}${statusText === '' ? '' : ` ${statusText}`}`;
  if (status >= 400) {
    const body = isReadable
      ? cut(bytes.toString('utf8').trim(), MAX_ERROR_TEXT, isCut)
      : `(${bytes.length} bytes of ${mimeType})`;
    return errorResult(body === '' ? line : `${line}\n${body}`);
  }
  if (status >= 300) return errorResult(`${line}: redirects are not followed`);
  if (bytes.length === 0) return text(line);
  if (isReadable) return text(cut(bytes.toString('utf8'), MAX_TEXT, isCut));
  if (isCut)
    return errorResult(
      `${line}: the response is ${mimeType} of more than ${MAX_BYTES / 1024 / 1024} MB, which is too large`,
    );
  const data = bytes.toString('base64');
  const type = /^(image|audio)\//.exec(mimeType)?.[1];
  if (type !== undefined) return { content: [{ type, data, mimeType }] };
  return {
    content: [{ type: 'resource', resource: { uri, mimeType: mimeType || 'application/octet-stream', blob: data } }],
  };
}
