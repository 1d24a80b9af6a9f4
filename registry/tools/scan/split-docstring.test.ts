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

test('any other text is its summary, whole', () => {
  const text = 'Reads a file. Note: paths are relative.\n\nReturns nothing special.';
  expect(splitDocstring(text)).toEqual({ summary: text, arguments: [], returns: null, errors: [] });
  expect(splitDocstring('')).toEqual({ summary: '', arguments: [], returns: null, errors: [] });
});

test('sections that are none of these stay with the summary', () => {
  expect(splitDocstring('Do it.\n\nArgs:\n    x: A.\n\nExample:\n    do_it(1)').summary).toBe(
    'Do it.\n\nExample:\ndo_it(1)',
  );
});

test('hostile text takes no long', () => {
  const began = performance.now();
  splitDocstring(`Args:\n${' '.repeat(20_000)}${'a:'.repeat(50_000)}`);
  splitDocstring(':param '.repeat(50_000));
  expect(performance.now() - began).toBeLessThan(20_000);
});
