/**
 * Splits a command line into words with the quoting of a POSIX shell, and no other shell syntax. Null: it needs a shell (`|`, `;`, `$(…)`, …),
 * and none is ever started.
 */
export function splitCommand(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line.charAt(at);
    if (quote !== null) {
      if (letter === quote) quote = null;
      else if (letter === '\\' && quote === '"' && /["\\$`]/.test(line.charAt(at + 1)))
        word = (word ?? '') + line.charAt((at += 1));
      else word = (word ?? '') + letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (letter === '\\') word = (word ?? '') + line.charAt((at += 1));
    else if (/[|&;<>()`\n]/.test(letter)) return null;
    else if (/\s/.test(letter)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + letter;
  }
  if (quote !== null) return null;
  return word === null ? words : [...words, word];
}
