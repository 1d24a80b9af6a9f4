import { z } from 'zod';

/** RFC 9457 problem details, with `errors` (one a field) and `hint` (what to do). */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  hint: z.string().optional(),
  requestId: z.string().optional(),
  /** What went wrong, for programs: `stale`, `invalid` … */
  code: z.string().optional(),
  /** With `stale`: the resource as it is now, so that both states can be shown. */
  current: z.json().optional(),
});
export type Problem = z.infer<typeof problem>;
