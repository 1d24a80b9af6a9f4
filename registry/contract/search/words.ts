const MAX_WORD = 64;

function splitHumps(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
}

const hasVowel = (text: string) => /[aeiouy]/.test(text);

/** Removes one ending if enough of the word remains; the endings are tried in order. */
function cut(word: string, endings: readonly [ending: string, by: string][]): string {
  for (const [ending, by] of endings) {
    if (!word.endsWith(ending)) continue;
    const rest = word.slice(0, -ending.length);
    return rest.length >= 3 && hasVowel(rest) ? rest + by : word;
  }
  return word;
}

function undouble(word: string): string {
  return /([bdfgmnprt])\1$/.test(word) ? word.slice(0, -1) : word;
}

/** Words whose ending is not a suffix. */
const WHOLE = new Set(['customer', 'number', 'order', 'paper', 'computer', 'calendar']);

/**
 * The common stem of words with the same meaning: `searches`, `searching` and `search`; `deletion` and `delete`. A light stemmer for English,
 * similar to Porter's; its results are not words and are never shown.
 */
export function stem(word: string): string {
  if (word.length < 4 || WHOLE.has(word) || /[^a-z]/.test(word)) return word;
  let stemmed = cut(word, [
    ['sses', 'ss'],
    ['ies', 'y'],
    ['ches', 'ch'],
    ['shes', 'sh'],
    ['xes', 'x'],
    ['ss', 'ss'],
    ['us', 'us'],
    ['is', 'is'],
    ['s', ''],
  ]);
  if (WHOLE.has(stemmed)) return stemmed;
  const before = stemmed;
  stemmed = cut(stemmed, [
    ['ization', 'iz'],
    ['ation', 'at'],
    ['ition', 'it'],
    ['ution', 'ut'],
    ['etion', 'et'],
    ['ction', 'ct'],
    ['sion', 's'],
    ['ment', ''],
    ['ness', ''],
    ['ing', ''],
    ['ied', 'y'],
    ['ed', ''],
    ['ers', ''],
    ['er', ''],
    ['or', ''],
    ['ly', ''],
  ]);
  if (stemmed !== before) stemmed = undouble(stemmed);
  return stemmed.length > 3 ? stemmed.replace(/e$/, '').replace(/y$/, 'i') : stemmed;
}

const known = new Map<string, string>();
/** More than the words of 100,000 tools; bounds the memory for an endless stream of new words. */
const MAX_KNOWN = 50_000;

/** The same, cached: texts of tools repeat the same words, and each is stored once. */
export function stemOnce(word: string): string {
  const cached = known.get(word);
  if (cached !== undefined) return cached;
  if (known.size >= MAX_KNOWN) known.clear();
  const stemmed = stem(word);
  known.set(word, stemmed);
  return stemmed;
}

/** The words in lower case without accents. */
function foldWords(text: string): string[] {
  const lower = text.toLowerCase();
  // Nearly every text is ASCII, and this is half of the work of an index.
  const words = /[^\0-\x7f]/.test(lower)
    ? lower
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .match(/[\p{L}\p{N}]+/gu)
    : lower.match(/[a-z0-9]+/g);
  return (words ?? []).map((word) => (word.length > MAX_WORD ? word.slice(0, MAX_WORD) : word));
}

/** The words of the name of a tool in lower case without accents; `getWeather` and `get_weather` are two words. */
export function splitName(name: string): string[] {
  return foldWords(splitHumps(name));
}

/** The words of a text. `getWeather` is two, but `GitHub` one: a word that begins with a capital is treated as a name. */
export function splitWords(text: string): string[] {
  return foldWords(text.replace(/\b[a-z]\w*[A-Z]\w*/g, splitHumps));
}
