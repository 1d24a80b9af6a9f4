import { platform } from 'platform/system';
import { counting } from './worker-counters.ts';

/** Maximum number of names in one request. */
const MAX_NAMES = 200;

function show(value: number | undefined): string {
  return value === undefined ? 'null' : `${value}`;
}

function isName(text: string): boolean {
  if (text.length !== 32) return false;
  for (let i = 0; i < 32; i += 1) {
    const code = text.charCodeAt(i);
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
}

function readOne(name: string): string {
  const { counters, inFlight } = counting();
  const [rate, day] = [counters.read(`r${name}`), counters.read(`d${name}`)];
  const inProgress = [inFlight.total(`c${name}`), inFlight.total(`s${name}`), inFlight.total(`b${name}`)];
  return `"${name}":[${show(rate)},${show(day)},${inProgress.join(',')}]`;
}

/** Returns the values of counters, on the private socket: the query is a comma-separated list of names. */
export function answerCounters(): void {
  const names = (ngx.var.args ?? '')
    .split(',')
    .slice(0, MAX_NAMES)
    .filter((name) => isName(name));
  const parts: string[] = [];
  for (const name of names) parts.push(platform.locked(readOne, name, undefined, undefined));
  ngx.header['Content-Type'] = 'application/json';
  ngx.print(`{${parts.join(',')}}`);
}
