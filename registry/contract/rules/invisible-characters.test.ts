import { expect, test } from 'vitest';
import { showInvisible, escapeInvisible } from './invisible-characters.ts';

test('invisible characters are escaped, and line breaks and emoji remain', () => {
  expect(showInvisible('Adds\u200b two.\n\t\u202eevil\u202c \u{e0041}\u0007')).toBe(
    'Adds\\u{200b} two.\n\t\\u{202e}evil\\u{202c} \\u{e0041}\\u{7}',
  );
  for (const text of ['Family: 👨‍👩‍👧‍👦, ❤️ and 1️⃣', 'Größe, 天気, עברית, हिन्दी', 'a\r\nb'])
    expect(showInvisible(text)).toBe(text);
});

test('terminal control characters are escaped, including a carriage return within a line', () => {
  expect(showInvisible('safe\rdelete \u001b[2J\u0007\u009b')).toBe('safe\\u{d}delete \\u{1b}[2J\\u{7}\\u{9b}');
});

test('a joiner that joins nothing is escaped', () => {
  expect(showInvisible('pass\u200dword')).toBe('pass\\u{200d}word');
});

test('for text on one line, line breaks and emoji joiners are escaped too', () => {
  expect(escapeInvisible('a\n❤\ufe0f')).toBe('a\\u{a}❤\\u{fe0f}');
});
