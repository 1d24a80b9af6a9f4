import { z } from 'zod';

/** What a tool does, by its server's annotations (kind-of.ts): `unannotated` without any. A claim of the server, not a proof. */
export const toolKind = z.enum(['readOnly', 'mutating', 'destructive', 'unannotated']);
export type ToolKind = z.infer<typeof toolKind>;
