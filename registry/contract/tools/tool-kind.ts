import { z } from 'zod';

/** What a tool does, by the annotations that its server gives (kind-of.ts): `unsaid` where it gives none. Its word, not proof. */
export const toolKind = z.enum(['reads', 'changes', 'destroys', 'unsaid']);
export type ToolKind = z.infer<typeof toolKind>;
