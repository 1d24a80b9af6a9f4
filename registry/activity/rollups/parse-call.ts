import { callLogLine, type CallLogLine } from '../../contract/index.ts';

/** One line of calls.log, or null when it is none. Never throws: a line may hold anything. */
export function parseCall(line: Buffer): CallLogLine | null {
  try {
    const parsed = callLogLine.safeParse(JSON.parse(line.toString('utf8')));
    return parsed.success && parsed.data.time > 0 ? parsed.data : null;
  } catch {
    return null;
  }
}
