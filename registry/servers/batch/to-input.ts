import { isAdapted, isBridged, PLAIN_SERVER_FIELDS, type CompleteServer } from '../../contract/index.ts';
import type { StoredServer } from '../../store/index.ts';

/** Converts a stored server to the input that creates it. */
export function toInput(
  server: StoredServer,
  {
    headers,
    env,
    document,
  }: { headers: Record<string, string>; env: Record<string, string>; document?: string | undefined },
): CompleteServer {
  const plain = Object.fromEntries(PLAIN_SERVER_FIELDS.map((name) => [name, server[name as keyof StoredServer]]));
  const instances = server.instances.map(({ url, query, weight, enabled }) => ({
    url: query === '' ? url : `${url}?${query}`,
    weight,
    enabled,
  }));
  const { program, tls, openapi } = server;
  const isWithoutUrl = !isAdapted(server) && isBridged(server);
  return {
    ...(plain as unknown as CompleteServer),
    ...{ program, headers, env, tls },
    ...(openapi !== undefined && { openapi: { ...(openapi.url !== null && { url: openapi.url }), document } }),
    instances: isWithoutUrl || openapi?.serverFromDocument === true ? [] : instances,
  };
}
