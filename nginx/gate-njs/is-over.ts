/** Whether a key or agent has expired; undefined: it never does. What is no number means yes. */
export function isOver(expiresAt: number | undefined, now: number): boolean {
  return !(expiresAt === undefined || (typeof expiresAt === 'number' && now < expiresAt));
}
