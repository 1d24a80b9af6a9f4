/** The kind of action: read, create, change or delete. */
export type Intent = 'read' | 'create' | 'change' | 'delete';

const VERBS: readonly [intent: Intent, words: string][] = [
  [
    'read',
    'get list find search read view show describe retrieve query look lookup fetch see check browse display inspect',
  ],
  ['create', 'create add new insert make register write upload generate append publish'],
  ['change', 'update edit modify change patch set rename adjust mark'],
  ['delete', 'delete remove erase drop destroy trash discard forget clear throw archive'],
];
const BY_VERB = new Map(VERBS.flatMap(([intent, words]) => words.split(' ').map((word) => [word, intent] as const)));
const QUESTIONS = new Set('what which who whose where when how is are does do did has have was were my all'.split(' '));

/** What a tool does, by the first verb of its name; undefined: it has no known verb. */
export function intentOfName(words: readonly string[]): Intent | undefined {
  for (const word of words) {
    const intent = BY_VERB.get(word);
    if (intent !== undefined) return intent;
  }
  return undefined;
}

/** The intent of a query: `read` for a question, otherwise that of its first verb. */
export function intentOfQuery(words: readonly string[]): Intent | undefined {
  const [first = ''] = words;
  return QUESTIONS.has(first) ? 'read' : intentOfName(words.slice(0, 3));
}
