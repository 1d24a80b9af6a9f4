export { listClientFiles, locateFile, type ClientFile, type Scope } from './client-files.ts';
export { hashOf, readText, writeText } from './config-file.ts';
export { addSnippet, removeSnippet } from './edit-config.ts';
export { backUp, readRecords, writeRecords, type ConnectRecord } from './records.ts';
export { showDiff } from './show-diff.ts';
