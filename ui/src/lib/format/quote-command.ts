import { quoteShell } from '@mcpgw/registry/contract';

/** An argument quoted for a shell, so that its end is visible. */
const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoteShell(word));

/** A program and its arguments on one line. */
export const quoteCommand = (words: readonly string[]): string => words.map(quote).join(' ');
