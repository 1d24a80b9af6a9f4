import { z } from 'zod';

export const timeoutFields = {
  connectMs: z.int().min(100).max(75_000),
  /** How long a stream may be silent. */
  readMs: z.int().min(1_000).max(86_400_000),
  sendMs: z.int().min(1_000).max(3_600_000),
};
export const timeouts = z.strictObject({
  connectMs: timeoutFields.connectMs.default(5_000),
  readMs: timeoutFields.readMs.default(86_400_000),
  sendMs: timeoutFields.sendMs.default(60_000),
});

export type Timeouts = z.infer<typeof timeouts>;
