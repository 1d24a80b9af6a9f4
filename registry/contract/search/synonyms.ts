import { stem } from './words.ts';

/** Words that agents and authors of tools use for one another. */
const GROUPS = [
  'list show enumerate browse index',
  'create add new make insert',
  'delete remove erase drop destroy trash',
  'update edit modify change patch set rename',
  'search find query lookup locate discover grep',
  'read fetch load retrieve open view download',
  'write save store put upload',
  'send post deliver message mail email',
  'run execute invoke launch start trigger call',
  'stop cancel abort kill end terminate',
  'file document',
  'folder directory path',
  'picture image photo screenshot',
  'repository repo project',
  'issue ticket bug',
  'merge pull request pr',
  'web page website url site internet',
  'calendar event meeting appointment schedule',
  'weather forecast temperature rain',
  'database sql table db query',
  'user person member account people',
  'add sum plus total calculate compute',
  'copy duplicate clone',
  'move relocate transfer',
  'history log activity',
  'comment note reply',
  'price cost quote',
  'translate translation language',
  'time clock date now timezone',
  'map place location address geocode',
  'test check verify validate',
  'remember memory knowledge entity',
  'think reason thought',
  'click press tap',
  'type fill input enter',
].map((line) => line.split(' ').map(stem));

const BY_WORD = new Map<string, Set<string>>();
for (const group of GROUPS)
  for (const word of group) {
    const others = BY_WORD.get(word) ?? new Set();
    for (const other of group) if (other !== word) others.add(other);
    BY_WORD.set(word, others);
  }

/** Stems that may stand for a stem. */
export function synonymsOf(stemmed: string): Iterable<string> {
  return BY_WORD.get(stemmed) ?? [];
}
