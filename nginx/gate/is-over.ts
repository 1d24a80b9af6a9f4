/** Whether a key or agent has expired; null: it never does. What is no number means yes. */
export function isOver(expiresAt: number | null, now: number): boolean {
  return !(expiresAt === null || (typeof expiresAt === 'number' && now < expiresAt));
}
