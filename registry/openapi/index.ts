export { compileDescription } from './compile-description.ts';
export { createDescriptionReader, type ReadDescription, type ReadDescriptionOptions } from './read-description.ts';
