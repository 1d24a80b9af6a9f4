import { z } from 'zod';
import { program } from '../server/program.ts';

/** Version of the files in `DATA_DIR/bridge/`; one of another version is not run. */
export const BRIDGE_FILE_VERSION = 1;

/** `DATA_DIR/bridge/<server id>.json`, written by the registry: a server that the bridge may run. A missing file means that it may not. */
export const bridgeFile = z.strictObject({
  v: z.literal(BRIDGE_FILE_VERSION),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  path: z.string(),
  program,
  /** As entered: references are read when the program starts. */
  env: z.record(z.string(), z.string()),
});
export type BridgeFile = z.infer<typeof bridgeFile>;
