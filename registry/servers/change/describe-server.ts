import type { ApiDescriptionView } from '../../contract/index.ts';
import type { StoredServer } from '../../store/index.ts';

const nameDescription = ({ url, title, version, operations, sha256 }: ApiDescriptionView) => ({
  ...{ url, title, version, operations, sha256 },
});

/** A server for the audit: the fields that an operator set, headers and queries as "(secret)", no results of probes. */
export function describeServer(
  server: Omit<StoredServer, 'headerNames' | 'envNames'>,
  headerNames: readonly string[],
  envNames: readonly string[] = [],
): unknown {
  const hide = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '(secret)']));
  return {
    path: server.path,
    name: server.name,
    description: server.description,
    tags: server.tags,
    instances: server.instances.map(({ id, url, query, weight, enabled }) => ({
      id,
      url: query === '' ? url : `${url}?(secret)`,
      weight,
      enabled,
    })),
    transport: server.transport,
    ...(server.adapt === true && { adapt: true }),
    enabled: server.enabled,
    headers: hide(headerNames),
    forwardHeaders: server.forwardHeaders,
    ...(server.program !== null && { program: { ...server.program, env: hide(envNames) } }),
    ...(server.tools && { tools: server.tools }),
    ...(server.openapi !== undefined && { openapi: nameDescription(server.openapi) }),
    hostMode: server.hostMode,
    timeouts: server.timeouts,
    ...(server.tls !== undefined && { tls: { ...server.tls, key: server.tls.key && '(secret)' } }),
    license: server.license,
    stars: server.stars,
    metadata: server.metadata,
  };
}
