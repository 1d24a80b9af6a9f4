export { readNamed, readText, writeText } from './text-file.ts';
