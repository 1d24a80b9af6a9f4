import { z } from 'zod';

/** What the operator asked for. */
export const declaredStatus = z.enum(['enabled', 'disabled']);
/** What NGINX serves. */
export const appliedStatus = z.enum(['live', 'pending', 'set_aside', 'off']);
/** What the probe saw last. */
export const observedStatus = z.enum([
  'healthy',
  'degraded',
  'unhealthy',
  'auth_required',
  'checking',
  'dormant',
  'unknown',
]);
/** The one word that sums the three layers up; there are no others (DESIGN §3). */
export const serverStatus = z.enum(['disabled', 'set_aside', 'pending', ...observedStatus.options]);

export type DeclaredStatus = z.infer<typeof declaredStatus>;
export type AppliedStatus = z.infer<typeof appliedStatus>;
export type ObservedStatus = z.infer<typeof observedStatus>;
export type ServerStatus = z.infer<typeof serverStatus>;

/** Derives the one status word: disabled > set_aside > pending > observed. */
export function deriveStatus(declared: DeclaredStatus, applied: AppliedStatus, observed: ObservedStatus): ServerStatus {
  if (declared === 'disabled') return 'disabled';
  if (applied === 'set_aside' || applied === 'pending') return applied;
  return observed;
}
