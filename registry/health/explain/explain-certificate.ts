import { findCertificateFault, type ErrorCause } from '../../upstream/index.ts';
import type { Failure } from './failure.ts';
import { quoteForeign } from './redact.ts';

const MAX_NAMES = 120;

/** Explains what is wrong with a certificate, of the server or of the gateway; null for any other error. */
export function explainCertificate(causes: readonly ErrorCause[], host: string): Failure | null {
  const fault = findCertificateFault(causes);
  if (fault === null) return null;
  const { of, says, names, remedy } = fault;
  const shown = names === undefined ? '' : ` (${quoteForeign(names, MAX_NAMES)})`;
  const isClient = of === 'client';
  return {
    ...{ final: true, rank: 100, remedy },
    health: isClient ? 'auth_required' : 'unhealthy',
    problem: isClient ? `${host} ${says}` : `The TLS certificate of ${host} ${says}${shown}`,
  };
}
