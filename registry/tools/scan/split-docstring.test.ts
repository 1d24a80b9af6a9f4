import { expect, test } from 'vitest';
import { splitDocstring } from './split-docstring.ts';

test('Google style', () => {
  expect(
    splitDocstring(`Get the weather for a city.

    Looks it up live.

    Args:
        city (str): Name of the city,
            in English.
        days: How many days.

    Returns:
        dict: The forecast.

    Raises:
        ValueError: If the city is unknown.
    `),
  ).toEqual({
    summary: 'Get the weather for a city.\n\nLooks it up live.',
    arguments: [
      { name: 'city', description: 'Name of the city, in English.' },
      { name: 'days', description: 'How many days.' },
    ],
    returns: 'dict: The forecast.',
    errors: [{ name: 'ValueError', description: 'If the city is unknown.' }],
  });
});

test('NumPy style', () => {
  expect(
    splitDocstring(`Add numbers.

Parameters
----------
a : int
    First number.
b : int
    Second number.

Returns
-------
int
    The sum.

Raises
------
OverflowError
    When it is too large.`),
  ).toEqual({
    summary: 'Add numbers.',
    arguments: [
      { name: 'a', description: 'int First number.' },
      { name: 'b', description: 'int Second number.' },
    ],
    returns: 'int\nThe sum.',
    errors: [{ name: 'OverflowError', description: 'When it is too large.' }],
  });
});

test('Sphinx style', () => {
  expect(
    splitDocstring(`Search the archive.

:param query: What to look for.
   More of it.
:type query: str
:param int limit: How many.
:returns: The hits.
:raises KeyError: If there is none.`),
  ).toEqual({
    summary: 'Search the archive.',
    arguments: [
      { name: 'query', description: 'What to look for. More of it.' },
      { name: 'limit', description: 'How many.' },
    ],
    returns: 'The hits.',
    errors: [{ name: 'KeyError', description: 'If there is none.' }],
  });
});

test('any other text becomes the summary unchanged', () => {
  const text = 'Reads a file. Note: paths are relative.\n\nReturns nothing special.';
  expect(splitDocstring(text)).toEqual({ summary: text, arguments: [], returns: null, errors: [] });
  expect(splitDocstring('')).toEqual({ summary: '', arguments: [], returns: null, errors: [] });
});

test('other sections remain in the summary', () => {
  expect(splitDocstring('Do it.\n\nArgs:\n    x: A.\n\nExample:\n    do_it(1)').summary).toBe(
    'Do it.\n\nExample:\ndo_it(1)',
  );
});

test('names in backticks, with a type, without text; a line that is not an entry continues the previous one', () => {
  expect(splitDocstring('Args:\n  `a` (int, optional) : first\n  b\n  c(x: text\n  - **d**: last').arguments).toEqual([
    { name: 'a', description: 'first' },
    { name: 'b', description: 'c(x: text' },
    { name: 'd', description: 'last' },
  ]);
});

// Text that causes catastrophic backtracking in a pattern with several gaps: half a second each with such a pattern.
test.each([
  ['spaces after a name', `Args:\n  a${' '.repeat(19_980)}!`],
  ['spaces before a line separator', `@param${' '.repeat(19_980)}x\u2028`],
  ['one section after another', 'Args:\n'.repeat(3_300)],
  ['blank lines after a heading', `Args:\n${'\n'.repeat(19_900)}`],
  ['a description of many lines', `Args:\n  a: x\n${'   b\n'.repeat(4_900)}`],
  ['a field of many lines', `:param a: x\n${' b\n'.repeat(6_600)}`],
  ['parentheses', `Args:\n  a${'('.repeat(19_900)}`],
  ['a long indentation', `Args:\n${' '.repeat(10_000)}${'a:'.repeat(5_000)}`],
])('hostile text is read in linear time: %s', (_, text) => {
  const startedAt = performance.now();
  for (let count = 0; count < 100; count += 1) splitDocstring(text);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});
