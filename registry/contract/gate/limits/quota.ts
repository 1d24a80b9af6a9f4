// A day and how much was used in it, as one number: shared dictionaries hold numbers, and both change together.

const SHIFT = 4_294_967_296;

/** The calls of this day in a stored number. */
export function usedToday(stored: number | undefined, day: number): number {
  return stored === undefined || Math.floor(stored / SHIFT) !== day ? 0 : stored % SHIFT;
}

/** The number to store. */
export function packUse(day: number, used: number): number {
  return day * SHIFT + used;
}

/** The day of a stored number. */
export function dayOfUse(stored: number): number {
  return Math.floor(stored / SHIFT);
}
