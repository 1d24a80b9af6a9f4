import { createHash } from 'node:crypto';
import { Agent, fetch } from 'undici';
import { MAX_DESCRIPTION_BYTES, type Api, type ApiDescription, type ApiDescriptionView } from '../contract/index.ts';
import { describeError } from '../lib/errors.ts';
import { readText } from '../lib/read-text.ts';
import { guardConnect, type UpstreamGuard } from '../upstream/index.ts';
import { compileDescription } from './compile-description.ts';
import { invalidDescription } from './document.ts';

export interface ReadDescriptionOptions {
  guard: UpstreamGuard;
  /** PEM certificates that servers are verified against; undefined: those of Node. */
  ca: string | undefined;
}

/** A description: its text, which is stored, and what was compiled from it. */
export interface ReadDescription {
  document: string;
  api: Api;
  view: Omit<ApiDescriptionView, 'serverFromDocument'>;
}

const CONNECT_MS = 5_000;
const READ_MS = 20_000;

function explain(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return describeError(cause ?? error);
}

/**
 * Creates the reader of descriptions: from a URL, at an address that may be a backend and without credentials, or as text. Throws RegistryError
 * `invalid` when it cannot be read or used.
 */
export function createDescriptionReader(options: ReadDescriptionOptions) {
  async function load(url: string): Promise<string> {
    const agent = new Agent({
      allowH2: false,
      connect: guardConnect({ ...options, connectMs: CONNECT_MS }),
      connections: 1,
    });
    try {
      const response = await fetch(url, {
        dispatcher: agent,
        signal: AbortSignal.timeout(READ_MS),
        headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' },
      });
      if (!response.ok) throw new Error(`it answers ${response.status}`);
      if (response.body === null) throw new Error('its response is empty');
      return await readText(response.body as AsyncIterable<Uint8Array>, MAX_DESCRIPTION_BYTES);
    } catch (error) {
      const message = `${new URL(url).origin}${new URL(url).pathname} cannot be read: ${explain(error)}`;
      throw invalidDescription(message, 'Check the address, or send the description itself as "document".');
    } finally {
      await agent.destroy();
    }
  }

  return async ({
    url = null,
    document: given,
  }: ApiDescription | { url?: string | null; document?: string }): Promise<ReadDescription> => {
    const document = given ?? (url === null ? '' : await load(url));
    const compiled = compileDescription(document, url);
    const { title, version, operations, leftOut, credentials } = compiled;
    const sha256 = createHash('sha256').update(document).digest('hex');
    return {
      ...{ document, api: compiled },
      view: { url, title, version, operations: operations.length, leftOut, credentials, sha256 },
    };
  };
}
