export { listClientFiles, locateFile, type ClientFile, type Scope } from './client-files.ts';
export { addSnippet, removeSnippet } from './edit-config.ts';
export { backUp, hashOf, readRecords, writeRecords, type ConnectRecord } from './records.ts';
export { showDiff } from './show-diff.ts';
