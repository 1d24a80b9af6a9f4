import type { Grant, GrantFile, Hours, HoursFile } from '../../contract/index.ts';
import { listZoneOffsets } from './zone-offsets.ts';

const WEEKDAYS: Record<Hours['days'][number], number> = { mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6, sun: 7 };

function toMinutes(time: string): number {
  const [hour = '0', minute = '0'] = time.split(':');
  return Number(hour) * 60 + Number(minute);
}

function compileHours({ days, from, to, zone }: Hours, year: number): HoursFile {
  return {
    days: days.map((day) => WEEKDAYS[day]).sort((a, b) => a - b),
    from: toMinutes(from),
    to: toMinutes(to),
    offsets: listZoneOffsets(zone, year),
  };
}

function compileGrant(grant: Grant, year: number): GrantFile {
  const { server, tools, resources, prompts, effect, hours, expiresAt } = grant;
  return {
    server,
    ...(tools.length > 0 && { tools }),
    ...(resources.length > 0 && { resources }),
    ...(prompts.length > 0 && { prompts }),
    ...(effect === 'deny' && { deny: true as const }),
    ...(hours !== undefined && { hours: compileHours(hours, year) }),
    ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
  };
}

/** Grants as the gate reads them, in the same order. `year`: the first year for which the gate needs the offsets of zones. */
export function compileGrants(grants: readonly Grant[], year: number): GrantFile[] {
  return grants.map((grant) => compileGrant(grant, year));
}
