import { format, resolveConfig } from 'prettier';
import { createProgram } from '../program/create-program.ts';
import { renderDocs } from './render-docs.ts';

/** The text of docs/cli.md, formatted. */
export async function formatDocs(file: string): Promise<string> {
  return format(renderDocs(createProgram()), { ...(await resolveConfig(file)), filepath: file });
}
