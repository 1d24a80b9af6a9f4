import { z } from 'zod';
import { era } from '../server/server.ts';
import { healthStatus } from '../server/status.ts';

/** Version of the files in `DATA_DIR/bridge/catalogue/`. */
export const CATALOGUE_VERSION = 2;
/** Suffix of the name of a server's state file. */
export const STATE_SUFFIX = '.state.json';

/**
 * `DATA_DIR/bridge/catalogue/<server id>.json`, written by the registry for each enabled server: what the meta endpoint shows of it, also while
 * the registry is down. The access files define who may see it. It contains no address of a server, since agents read its contents.
 */
export const catalogueFile = z.object({
  v: z.literal(CATALOGUE_VERSION),
  id: z.string(),
  path: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  /** As last listed, with standard members only; null: its tools are not known. */
  tools: z.array(z.looseObject({ name: z.string() })).nullable(),
});

/** `<server id>.state.json`: what changes often, and is small. */
export const catalogueState = z.object({
  v: z.literal(CATALOGUE_VERSION),
  health: healthStatus,
  era: era.nullable(),
  /** It has only the legacy SSE transport. */
  isSseOnly: z.boolean(),
});
export type CatalogueFile = z.infer<typeof catalogueFile>;
export type CatalogueState = z.infer<typeof catalogueState>;

/** A server as the meta endpoint knows it. */
export type CatalogueServer = CatalogueFile & CatalogueState;
