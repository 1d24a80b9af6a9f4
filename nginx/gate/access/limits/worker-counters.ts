import { platform } from 'platform/system';
import { createCharge, type Charge } from './charge.ts';
import { createCounterFile, type CounterFile } from './counter-file.ts';
import { createCounters, type Counters } from './counters.ts';
import { createInFlight, type InFlight } from './in-flight.ts';

const DICTIONARY = 'mcpgw_limits';
const LOCK = '#lock';
const LOADED = '#loaded';
const NEXT_PLACE = '#place';
/** Number of passes of the periodic task after which counts are written again, and after which a persistent problem is logged again. */
const RENEW_EVERY = 1_200;
const SECONDS = 0.5;

/** The counters of this worker. */
interface Counting extends Charge {
  counters: Counters;
  inFlight: InFlight;
  file: CounterFile;
}

let known: Counting | undefined;
let passes = 0;
let lastProblem: string | undefined;

/** Throws before `startCounting`: a call that cannot be counted must fail. */
export function counting(): Counting {
  if (known === undefined) throw 'limits cannot be counted in this worker' as unknown as Error;
  return known;
}

/** Creates the lock of the counters, in NGINX's master. It belongs to the dictionary, which remains when the configuration is reloaded. */
export function prepareCounting(): string | undefined {
  const dictionary = ngx.shared[DICTIONARY];
  if (dictionary === undefined) return `the shared dictionary ${DICTIONARY} is missing`;
  const [before] = dictionary.get(LOCK);
  if (typeof before === 'number') return undefined;
  const [address, problem] = platform.createLock();
  if (address === undefined) return problem;
  const [done, full] = dictionary.safe_set(LOCK, address);
  return done === true ? undefined : full;
}

function report(problem: string | undefined): void {
  if (problem !== undefined && (problem !== lastProblem || passes % RENEW_EVERY === 0))
    platform.log('error', `the counters of limits will be lost when NGINX restarts: ${problem}`);
  lastProblem = problem;
}

function join({ inFlight, file }: Counting, dictionary: SharedDictionary, isStored: boolean): string | undefined {
  const [loaded] = dictionary.get(LOADED);
  if (loaded === undefined && isStored) {
    report(file.load());
    dictionary.safe_set(LOADED, 1);
  }
  return inFlight.join() ? undefined : 'there is no room in the shared dictionary of limits';
}

function sweep(): void {
  const { counters, inFlight, file } = counting();
  passes += 1;
  counters.makeRoom();
  platform.locked(inFlight.reap, undefined, undefined, undefined);
  if (passes % RENEW_EVERY === 0) inFlight.renew();
  report(file.flush());
}

/** Starts counting in a worker. `isStored` false: counters are neither read from the file nor written to it. Returns what is wrong. */
export function startCounting(isStored: boolean): string | undefined {
  const dictionary = ngx.shared[DICTIONARY];
  const [address] = dictionary === undefined ? [undefined] : dictionary.get(LOCK);
  if (dictionary === undefined || typeof address !== 'number') return `the shared dictionary ${DICTIONARY} is missing`;
  platform.useLock(address);
  const counters = createCounters(dictionary, NEXT_PLACE);
  const inFlight = createInFlight(dictionary, platform);
  const file = createCounterFile(platform, dictionary, counters, GATE_SETTINGS.limitsDir);
  const created: Counting = { counters, inFlight, file, ...createCharge(counters, inFlight) };
  known = created;
  const problem = platform.locked(join, created, dictionary, isStored);
  if (problem !== undefined || !isStored) return problem;
  const [started, noTimer] = platform.runEvery(SECONDS, sweep);
  return started === undefined ? noTimer : undefined;
}

/** Ends counting in a worker that ends, and writes its last changes. */
export function stopCounting(): void {
  if (known === undefined) return;
  const { inFlight, file } = known;
  platform.locked(inFlight.leave, undefined, undefined, undefined);
  report(file.flush());
}
