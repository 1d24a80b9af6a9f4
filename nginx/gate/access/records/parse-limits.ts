import type { LimitFile } from '../../../../registry/contract/gate/access-files.ts';
import type { ZoneOffset } from '../../../../registry/contract/gate/limits/index.ts';
import type { Fields } from './record.ts';

const isText = (value: unknown): value is string => typeof value === 'string';
const isTable = (value: unknown): value is Fields => typeof value === 'object';
const isTextOrAbsent = (value: unknown): boolean => value === undefined || isText(value);
/** A negative limit would be no limit. */
const isAmountOrAbsent = (value: unknown): boolean => value === undefined || (typeof value === 'number' && value >= 0);
/** At a rate of 0, the bucket would never drain. */
const isRateOrAbsent = (value: unknown): boolean => value === undefined || (typeof value === 'number' && value > 0);

/** Whether a value is a list of time zone offsets. */
export function isOffsets(value: unknown): value is ZoneOffset[] {
  if (!isTable(value)) return false;
  for (const one of value as unknown as unknown[])
    if (!isTable(one) || typeof one.from !== 'number' || typeof one.minutes !== 'number') return false;
  return true;
}

function isLimit(one: unknown): boolean {
  return (
    isTable(one) &&
    isText(one.id) &&
    isText(one.name) &&
    (one.of === 'agent' || one.of === 'group' || one.of === 'server') &&
    isTextOrAbsent(one.server) &&
    isTextOrAbsent(one.tool) &&
    (one.perAgent === undefined || one.perAgent === true) &&
    isRateOrAbsent(one.perSecond) &&
    isAmountOrAbsent(one.burst) &&
    isAmountOrAbsent(one.calls) &&
    isAmountOrAbsent(one.streams) &&
    isAmountOrAbsent(one.perDay) &&
    isAmountOrAbsent(one.largeBodies) &&
    (one.offsets === undefined || isOffsets(one.offsets))
  );
}

/** Whether a value is a list of limit rules. */
export function isLimits(value: unknown): value is LimitFile[] {
  if (!isTable(value)) return false;
  for (const one of value as unknown as unknown[]) if (!isLimit(one)) return false;
  return true;
}
