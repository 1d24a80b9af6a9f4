export { readText, writeText } from './text-file.ts';
