import { ApiError, UnreachableError } from '../../lib/api/api-error.ts';
import { exportUrl, type CallQuery } from '../../lib/api/activity-api.ts';

type Format = 'jsonl' | 'csv';

/** The export of calls as a file: streamed by the registry, counted as it arrives, and saved by the browser at the end. */
export class CallExport {
  running = $state(false);
  lines = $state(0);
  bytes = $state(0);
  /** Time of the last call received, ISO 8601; calls arrive newest first. */
  reached = $state<string | null>(null);
  error = $state.raw<unknown>(null);
  #abort = new AbortController();

  cancel = (): void => this.#abort.abort();

  async run(query: CallQuery, format: Format): Promise<void> {
    this.#abort = new AbortController();
    this.running = true;
    this.error = null;
    this.lines = 0;
    this.bytes = 0;
    this.reached = null;
    try {
      save(await this.#download(exportUrl(query, format)), `calls.${format}`);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.error = error;
    } finally {
      this.running = false;
    }
  }

  async #download(url: URL): Promise<Blob> {
    const { signal } = this.#abort;
    const response = await fetch(url, { credentials: 'same-origin', cache: 'no-store', signal }).catch(
      (cause: unknown) => {
        throw signal.aborted ? cause : new UnreachableError(cause);
      },
    );
    if (!response.ok || response.body === null) {
      const detail = `The registry responded with ${response.status}`;
      const problem = { type: 'about:blank', title: detail, status: response.status, detail };
      throw new ApiError({ ...problem, ...((await response.json().catch(() => ({}))) as object) });
    }
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const reader = response.body.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      parts.push(read.value);
      this.bytes += read.value.byteLength;
      this.lines += read.value.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);
      this.reached = findLastTime(read.value) ?? this.reached;
    }
    return new Blob(parts, { type: response.headers.get('Content-Type') ?? '' });
  }
}

function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The last timestamp near the end of a chunk. */
function findLastTime(chunk: Uint8Array): string | null {
  const end = new TextDecoder().decode(chunk.subarray(-4_096));
  return end.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)?.at(-1) ?? null;
}
