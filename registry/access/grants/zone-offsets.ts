import type { HoursFile } from '../../contract/index.ts';

const MINUTES_PER_DAY = 1_440;
/** How many years of a zone's changes the access files contain; they are rewritten at each start. */
const YEARS = 4;

function createOffsetReader(zone: string): (minute: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (minute) => {
    const parts = new Map(format.formatToParts(minute * 60_000).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
    return local / 60_000 - minute;
  };
}

/** The first minute after `from`, up to `to`, at which the offset is no longer that of `from`. */
function findChange(offsetAt: (minute: number) => number, from: number, to: number): number {
  const before = offsetAt(from);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

const known = new Map<string, HoursFile['offsets']>();

/** A zone's offsets from UTC from the beginning of `year` on, for four years. `zone`: a name of the IANA database; throws RangeError for others. */
export function listZoneOffsets(zone: string, year: number): HoursFile['offsets'] {
  const name = `${zone} ${year}`;
  const cached = known.get(name);
  if (cached !== undefined) return cached;
  const offsetAt = createOffsetReader(zone);
  const first = Date.UTC(year, 0, 1) / 60_000;
  const end = Date.UTC(year + YEARS, 0, 1) / 60_000;
  const offsets = [{ from: first, minutes: offsetAt(first) }];
  for (let minute = first; minute < end; minute += MINUTES_PER_DAY) {
    const next = minute + MINUTES_PER_DAY;
    if (offsetAt(next) === offsetAt(minute)) continue;
    const change = findChange(offsetAt, minute, next);
    offsets.push({ from: change, minutes: offsetAt(change) });
  }
  known.set(name, offsets);
  return offsets;
}
