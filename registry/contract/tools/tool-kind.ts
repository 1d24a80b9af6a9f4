import { z } from 'zod';

/** What a tool does, by the annotations that its server gives (kind-of.ts): `unannotated` where it gives none. Its word, not proof. */
export const toolKind = z.enum(['readOnly', 'mutating', 'destructive', 'unannotated']);
export type ToolKind = z.infer<typeof toolKind>;
