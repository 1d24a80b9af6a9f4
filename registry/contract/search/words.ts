/** Words that say nothing of what a tool does. */
const STOP = new Set(
  'a an and any are as at be by can do for from get give how i if in into is it its let like me my need of on or our out please some that the their them then this to tool tools up us use using want was we what when where which who will with would you your'.split(
    ' ',
  ),
);
const MAX_WORD = 64;

function splitNames(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
}

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
const hasVowel = (text: string) => /[aeiouy]/.test(text);

/** Takes off one ending where enough is left; the endings are tried in order. */
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

/**
 * The form by which words that mean the same are one: `searches`, `searching` and `search`; `deletion` and `delete`. A light stemmer of English in
 * the manner of Porter's; what it makes is no word and is shown to nobody.
 */
export function stem(word: string): string {
  if (word.length < 4 || /[^a-z]/.test(word)) return word;
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

/** The words of a text in lower case without accents; `getWeather` and `get_weather` are two words. */
export function splitWords(text: string): string[] {
  const words = fold(splitNames(text)).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => word.slice(0, MAX_WORD));
}

/** The words of a query that say something; all of them where none does. */
export function meaningfulWords(query: string): string[] {
  const words = [...new Set(splitWords(query))];
  const meaningful = words.filter((word) => !STOP.has(word));
  return meaningful.length > 0 ? meaningful : words;
}
