import { quoteShell } from '@mcpgw/registry/contract';

/** An argument as a shell would need it, so that one sees where it ends. */
const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoteShell(word));

/** A program and its arguments on one line. */
export const quoteCommand = (words: readonly string[]): string => words.map(quote).join(' ');
