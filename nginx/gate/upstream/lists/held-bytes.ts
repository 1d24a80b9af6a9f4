/** A reply or an event that is longer is not passed on. */
export const MAX_BYTES = 4_194_304;
/** What all replies of a worker may wait with, and those of one server: no server takes the room that the others need. */
const MAX_HELD_BYTES = 67_108_864;
const MAX_HELD_OF_SERVER = 16_777_216;

let heldByAll = 0;
const heldBy: Record<string, number | undefined> = {};

/** What a reply holds of its server's room. */
export interface Held {
  serverId: string;
  bytes: number;
}

/** Counts bytes that a reply waits with. False: they are too many, and the reply must let all of it go. */
export function hold(held: Held, bytes: number): boolean {
  const ofServer = (heldBy[held.serverId] ?? 0) + bytes;
  held.bytes += bytes;
  heldByAll += bytes;
  heldBy[held.serverId] = ofServer;
  return held.bytes <= MAX_BYTES && ofServer <= MAX_HELD_OF_SERVER && heldByAll <= MAX_HELD_BYTES;
}

/** A reply waits with nothing any more. */
export function release(held: Held): void {
  const { serverId, bytes } = held;
  if (bytes === 0) return;
  const left = (heldBy[serverId] ?? 0) - bytes;
  heldBy[serverId] = left > 0 ? left : undefined;
  heldByAll -= bytes;
  held.bytes = 0;
}
