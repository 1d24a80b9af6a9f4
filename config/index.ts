// Configuration files: text in, one form of configuration out, with the line of every mistake. No file is read here.
export { escapeReferences, type References } from './expand/expand.ts';
export { readClientServer } from './forms/read-client-server.ts';
export { loadConfig, type LoadedConfig, type LoadOptions } from './load-config.ts';
export { parseDocument } from './parse/parse-document.ts';
export { ConfigError, describeProblem, type ConfigProblem } from './problem.ts';
