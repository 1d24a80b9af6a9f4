import type { InstanceEndpoints } from '../../contract/index.ts';

/** How a backend wrote its message endpoint, and where that is (SSE transport of 2024-11-05). Undefined when it points to another origin. */
export function readMessageEndpoint(
  written: string,
  sseUrl: string,
): Pick<InstanceEndpoints, 'message' | 'messageForm' | 'messageWritten'> | undefined {
  // "//host/path" is legal, but neither the gateway's rewriting nor most clients know it.
  if (written.startsWith('//') || !URL.canParse(written, sseUrl)) return undefined;
  const target = new URL(written, sseUrl);
  if (target.origin !== new URL(sseUrl).origin) return undefined;
  const messageForm = /^[a-z][a-z0-9+.-]*:\/\//i.test(written)
    ? 'absolute'
    : written.startsWith('/')
      ? 'root'
      : 'relative';
  return { message: target.pathname, messageForm, messageWritten: written.split('?')[0] ?? '' };
}
