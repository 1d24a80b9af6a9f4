import { CALL_LOG_MEMBERS, type CallLogLine, type CallLogShape } from '../../contract/index.ts';

const NUMBER = '(?:0|[1-9]\\d*)';
const STRING = '"[^"\\\\\\n]*(?:\\\\.[^"\\\\\\n]*)*"';
const MILLISECONDS = `${NUMBER}\\.\\d{3}e3`;

/** How NGINX and the gate write the values of members that differ from call to call. */
const WRITTEN: Partial<Record<CallLogShape, string>> = {
  seconds: `${NUMBER}\\.\\d{3}`,
  milliseconds: MILLISECONDS,
  millisecondsOrNull: `(?:null|${MILLISECONDS})`,
  count: NUMBER,
  hex: '"[0-9a-f]*"',
  hexOrNull: '(?:null|"[0-9a-f]*")',
  address: '"[0-9a-f.:]*"',
  stringOrNull: `(?:null|${STRING})`,
  strings: `\\[(?:${STRING}(?:,${STRING})*)?\\]`,
};

const isString = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => Number.isFinite(value);
const orNull = (accepts: (value: unknown) => boolean) => (value: unknown) => value === null || accepts(value);

const ACCEPTS: Record<CallLogShape, (value: unknown) => boolean> = {
  seconds: (value) => isNumber(value) && Number(value) > 0,
  milliseconds: isNumber,
  millisecondsOrNull: orNull(isNumber),
  count: Number.isSafeInteger,
  hex: isString,
  hexOrNull: orNull(isString),
  string: isString,
  stringOrNull: orNull(isString),
  strings: (value) => Array.isArray(value) && value.every(isString),
  address: isString,
  flagOrNull: (value) => value === null || typeof value === 'boolean',
  era: (value) => value === null || value === 'legacy' || value === 'modern',
  verdict: (value) => value === 'allowed' || value === 'refused' || value === 'limited',
};

/** One line of calls.log, or null when it is malformed. Never throws: a line may contain anything. */
export function parseCall(line: Buffer | string): CallLogLine | null {
  try {
    const parsed = JSON.parse(line.toString()) as Record<string, unknown> | null;
    if (parsed === null) return null;
    for (const member of CALL_LOG_MEMBERS)
      if ('optional' in member) parsed[member.name] ??= member.shape === 'strings' ? [] : null;
    if (!CALL_LOG_MEMBERS.every(({ name, shape }) => ACCEPTS[shape](parsed[name]))) return null;
    return parsed as unknown as CallLogLine;
  } catch {
    return null;
  }
}

/** The expression that matches a line, and the meaning of its groups. */
export interface LinePattern {
  /** Sticky. */
  regExp: RegExp;
  timeGroup: number;
  durationGroup: number;
  /** The members that are equal for all lines of one group. */
  sameGroups: readonly number[];
}

/**
 * Matches one line, with its end, exactly as NGINX writes it. A quote within a JSON string is escaped by a backslash, so the `,"name":` of
 * the member after a run of equal members ends the run.
 */
export function createLinePattern(): LinePattern {
  let source = '';
  const groups: string[] = [];
  let isInRun = false;
  for (const member of CALL_LOG_MEMBERS) {
    const { name, shape, perCall } = member;
    const isOptional = 'optional' in member;
    const head = `${source === '' ? '' : ','}"${name}":`;
    if (!perCall) {
      if (!isInRun) {
        groups.push('same');
        source += isOptional ? `((?:${head}[^\\n]*?)?)` : `(${head}[^\\n]*?)`;
      }
    } else {
      const value = WRITTEN[shape];
      if (value === undefined) throw new Error(`calls.log: no pattern for the shape ${shape} of "${name}"`);
      const isCaptured = name === 'time' || name === 'durationMs';
      if (isCaptured) groups.push(name);
      const written = head + (isCaptured ? `(${value})` : value);
      source += isOptional ? `(?:${written})?` : written;
    }
    isInRun = !perCall;
  }
  return {
    regExp: new RegExp(`\\{${source}\\}\\n`, 'y'),
    timeGroup: groups.indexOf('time') + 1,
    durationGroup: groups.indexOf('durationMs') + 1,
    sameGroups: groups.flatMap((group, index) => (group === 'same' ? [index + 1] : [])),
  };
}
