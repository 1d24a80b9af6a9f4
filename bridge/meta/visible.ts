import type { CatalogueServer, KeyFile } from '@mcpgw/registry/contract';
import type { Access } from './access.ts';
import type { Catalogue } from './catalogue.ts';

export type ListedTool = NonNullable<CatalogueServer['tools']>[number];

/** A server that a caller may use, with those of its known tools that it may call. */
export interface VisibleServer {
  server: CatalogueServer;
  /** Null: they are not known. */
  tools: readonly ListedTool[] | null;
  mayCall: (tool: string) => boolean;
}

/** What is visible to a caller at a point in time. */
export interface View {
  key: KeyFile | undefined;
  servers: readonly VisibleServer[];
}

export interface ViewDeps {
  catalogue: Catalogue;
  access: Access;
}

/** What a caller may see; an unknown caller sees nothing. */
export function viewFor({ catalogue, access }: ViewDeps, authorization: string | undefined): View {
  const key = access.identify(authorization);
  if (key === undefined) return { key, servers: [] };
  const servers = catalogue.servers().flatMap((server): VisibleServer[] => {
    const mayCall = access.toolsOf(key, server);
    if (mayCall === undefined) return [];
    return [{ server, tools: server.tools?.filter(({ name }) => mayCall(name)) ?? null, mayCall }];
  });
  return { key, servers };
}
