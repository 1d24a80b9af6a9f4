/** A longer reply or event is not forwarded. */
export const MAX_BYTES = 4_194_304;
/** The most that all replies of a worker may hold, and those of one server: no server can use up the buffer that others need. */
const MAX_HELD_BYTES = 67_108_864;
const MAX_HELD_OF_SERVER = 16_777_216;

let heldByAll = 0;
const heldBy: Record<string, number | undefined> = {};

/** The bytes that a reply holds, counted for its server. */
export interface Held {
  serverId: string;
  bytes: number;
}

/** Counts bytes that a reply holds. False: they are too many, and the reply must release all of them. */
export function hold(held: Held, bytes: number): boolean {
  const ofServer = (heldBy[held.serverId] ?? 0) + bytes;
  held.bytes += bytes;
  heldByAll += bytes;
  heldBy[held.serverId] = ofServer;
  return held.bytes <= MAX_BYTES && ofServer <= MAX_HELD_OF_SERVER && heldByAll <= MAX_HELD_BYTES;
}

/** Releases all bytes that a reply holds. */
export function release(held: Held): void {
  const { serverId, bytes } = held;
  if (bytes === 0) return;
  const remaining = (heldBy[serverId] ?? 0) - bytes;
  heldBy[serverId] = remaining > 0 ? remaining : undefined;
  heldByAll -= bytes;
  held.bytes = 0;
}
