import { replacePhrases } from './phrases.ts';
import { splitWords } from './words.ts';

/** Words without meaning for what a tool does. */
const STOP = new Set(
  'a about again all also am an and any anything are as at be been by can could did do does everybody everything for from give going had has have he help her here him his how i if in into is it its just know let like made many me might more most much my need now of on one or our out over own please quite she should so some somebody someone something tell than that the their them then there these they thing things this those to too tool tools up us use using very want was we were what when where which while who whose why will with would you your'.split(
    ' ',
  ),
);

/** The words of a query without stop words; all of them if nothing else remains. */
export function queryWords(query: string): string[] {
  const words = [...new Set(replacePhrases(splitWords(query)))];
  const meaningful = words.filter((word) => !STOP.has(word));
  return meaningful.length > 0 ? meaningful : words;
}
