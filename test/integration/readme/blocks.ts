import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/gateway/start-gateway.ts';

export const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The fenced blocks of a Markdown text, in order, with their language. */
export function readBlocks(text: string): { language: string; text: string }[] {
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }));
}
