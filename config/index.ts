// Configuration files: converts text to one normalised configuration, with the line of every error. No file is read here.
export { escapeReferences, type References } from './expand/expand.ts';
export { readClientServer } from './forms/read-client-server.ts';
export { loadConfig, type LoadedConfig, type LoadOptions } from './load-config.ts';
export { parseDocument } from './parse/parse-document.ts';
export { ConfigError, describeProblem, type ConfigProblem } from './problem.ts';
