import { z } from 'zod';

export const transport = z.enum(['auto', 'streamable-http', 'sse', 'stdio', 'docker']);
export type Transport = z.infer<typeof transport>;

/** Whether the bridge runs the server as a program. */
export const isBridged = (of: Transport): boolean => of === 'stdio';
