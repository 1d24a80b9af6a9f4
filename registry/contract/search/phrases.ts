/** Several words, or a short form, that stand for others in a query. */
const PHRASES: readonly [from: string, to: string][] = [
  ['pr', 'pull request'],
  ['prs', 'pull request'],
  ['mr', 'merge request'],
  ['mrs', 'merge request'],
  ['look up', 'search'],
  ['get rid of', 'remove'],
  ['throw away', 'delete'],
  ['tick off', 'complete'],
  ['check off', 'complete'],
  ['to do', 'todo'],
  ['to dos', 'todo'],
  ['log in', 'login'],
  ['logged in', 'login'],
  ['sign in', 'login'],
  ['set up', 'create'],
  ['write down', 'add note'],
  ['note down', 'add note'],
  ['up to date', 'latest'],
  ['go to', 'navigate'],
  ['near me', 'local'],
  ['tell me when', 'notify'],
  ['let me know when', 'notify'],
  ['remind me', 'add reminder'],
  ['make sure', 'check'],
  ['find out', 'find'],
  ['turn off', 'disable'],
  ['turn on', 'enable'],
  ['put aside', 'stash'],
  ['take a picture', 'screenshot'],
  ['how long', 'duration'],
  ['how far', 'distance'],
  ['how high', 'elevation'],
  ['how big', 'size'],
];
const MOST_WORDS = 3;
const BY_PHRASE = new Map(PHRASES.map(([from, to]) => [from, to.split(' ')]));

/** The words of a query with phrases replaced; the longest phrase counts. */
export function replacePhrases(words: readonly string[]): string[] {
  const replaced: string[] = [];
  for (let at = 0; at < words.length;) {
    let length = Math.min(MOST_WORDS, words.length - at);
    let by: string[] | undefined;
    for (; length > 0 && by === undefined; length -= 1) by = BY_PHRASE.get(words.slice(at, at + length).join(' '));
    if (by === undefined) replaced.push(words[at] ?? '');
    else replaced.push(...by);
    at += by === undefined ? 1 : length + 1;
  }
  return replaced;
}
