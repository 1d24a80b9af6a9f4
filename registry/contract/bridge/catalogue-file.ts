import { z } from 'zod';
import { era } from '../server/server.ts';
import { healthStatus } from '../server/status.ts';

/** Version of the files in `DATA_DIR/bridge/catalogue/`. */
export const CATALOGUE_VERSION = 2;
/** What the name of a server's file of its state ends with. */
export const STATE_SUFFIX = '.state.json';

/**
 * `DATA_DIR/bridge/catalogue/<server id>.json`, written by the registry for each enabled server: what the meta endpoint shows of it, so that it
 * does so while the registry is down. Who may see it is in the access files. There is no address of a server here: agents read of it.
 */
export const catalogueFile = z.object({
  v: z.literal(CATALOGUE_VERSION),
  id: z.string(),
  path: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  /** As listed last, without what is no standard member; null: its tools are not known. */
  tools: z.array(z.looseObject({ name: z.string() })).nullable(),
});

/** `<server id>.state.json`: what changes often, and is small. */
export const catalogueState = z.object({
  v: z.literal(CATALOGUE_VERSION),
  health: healthStatus,
  era: era.nullable(),
  /** It has the legacy SSE transport alone. */
  isSseOnly: z.boolean(),
});
export type CatalogueFile = z.infer<typeof catalogueFile>;
export type CatalogueState = z.infer<typeof catalogueState>;

/** A server as the meta endpoint knows it. */
export type CatalogueServer = CatalogueFile & CatalogueState;
