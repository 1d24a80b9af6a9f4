const DAY_MS = 86_400_000;
const WARN_DAYS = 14;

/** Problem and remedy when a certificate expires within 14 days; null when it does not, or when there is none. */
export function explainExpiry(
  expiresAt: string | null | undefined,
  nowMs: number,
): { problem: string; remedy: string } | null {
  if (expiresAt === null || expiresAt === undefined) return null;
  const days = Math.floor((Date.parse(expiresAt) - nowMs) / DAY_MS);
  if (days >= WARN_DAYS) return null;
  const when = days < 1 ? 'within a day' : days === 1 ? 'in 1 day' : `in ${days} days`;
  return {
    problem: `Its TLS certificate expires ${when} (${expiresAt.slice(0, 10)})`,
    remedy: 'Renew it; once it has expired the gateway refuses the server.',
  };
}
