import { z } from 'zod';
import { era } from '../server/server.ts';
import { healthStatus } from '../server/status.ts';

/** Version of the files in `DATA_DIR/bridge/catalogue/`. */
export const CATALOGUE_VERSION = 1;

/**
 * `DATA_DIR/bridge/catalogue/<server id>.json`, written by the registry for each enabled server: what the meta endpoint shows of it, so that it
 * does so while the registry is down. Who may see it is in the access files.
 */
export const catalogueFile = z.object({
  v: z.literal(CATALOGUE_VERSION),
  id: z.string(),
  path: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  health: healthStatus,
  /** Why it is not healthy. */
  problem: z.string().nullable(),
  era: era.nullable(),
  /** It has the legacy SSE transport alone. */
  isSseOnly: z.boolean(),
  /** As listed last, without what is no standard member; null: its tools are not known. */
  tools: z.array(z.looseObject({ name: z.string() })).nullable(),
});
export type CatalogueFile = z.infer<typeof catalogueFile>;
