import { z } from 'zod';

export const transport = z.enum([
  'auto',
  'streamable-http',
  'sse',
  'websocket',
  'stdio',
  'docker',
  'virtual',
  'openapi',
]);
export type Transport = z.infer<typeof transport>;
