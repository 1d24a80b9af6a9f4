import { expect, test } from 'vitest';
import { createToolIndex, type SearchableTool } from './tool-index.ts';
import { stem } from './words.ts';

const tool = (
  server: string,
  name: string,
  description: string,
  more: Partial<SearchableTool> = {},
): SearchableTool => ({
  ...{ name, title: '', description, parameters: '', server, tags: '' },
  ...more,
});
const TOOLS = [
  tool('files', 'read_file', 'Read the complete contents of a file from the file system.'),
  tool('files', 'list_directory', 'Get a detailed listing of all files and directories in a path.'),
  tool('files', 'move_file', 'Move or rename files and directories.'),
  tool('github', 'create_issue', 'Create a new issue in a GitHub repository.'),
  tool('github', 'search_code', 'Search for code across GitHub repositories.'),
  tool('github', 'merge_pull_request', 'Merge a pull request.'),
  tool('meteo', 'getForecast', 'Temperature and rain of the next days for a place.', { tags: 'weather' }),
  tool('mail', 'send_message', 'Delivers an email to one or more recipients.'),
  tool('db', 'execute_sql', 'Runs a statement on the database.', { parameters: 'statement' }),
  tool('memory', 'delete_entities', 'Removes entities and their relations from the knowledge graph.'),
];
const index = createToolIndex(TOOLS);
const search = (query: string, limit = 5) => index.search(query, limit, () => true).map((at) => TOOLS[at]?.name);

test.each([
  ['open a new bug report on github', 'create_issue'],
  ['what will the weather be like in Berlin tomorrow', 'getForecast'],
  ['forecasts', 'getForecast'],
  ['show me the folders', 'list_directory'],
  ['renaming a document', 'move_file'],
  ['mail somebody', 'send_message'],
  ['query a table', 'execute_sql'],
  ['forget an entity', 'delete_entities'],
  ['merge PR', 'merge_pull_request'],
  ['serach code', 'search_code'],
  ['direcotry', 'list_directory'],
  ['repo code search', 'search_code'],
])('%s finds %s first', (query, name) => {
  expect(search(query)[0]).toBe(name);
});

test('forms of a word are one', () => {
  for (const [one, other] of [
    ['searches', 'searching'],
    ['repositories', 'repository'],
    ['deletion', 'delete'],
    ['listing', 'lists'],
    ['files', 'file'],
  ] as const)
    expect(stem(one)).toBe(stem(other));
});

test('what is not accepted leaves its place to the next', () => {
  const github = (at: number) => TOOLS[at]?.server === 'github';
  expect(index.search('move files', 5, github)).toEqual([]);
  expect(index.search('search for an issue', 2, github)).toHaveLength(2);
});

test('hostile and empty queries find nothing or something, and never fail', () => {
  for (const query of ['', ' ', '"', '* OR name:', '\u0000', 'a'.repeat(10_000), '…', 'constructor __proto__'])
    search(query);
  expect(search('')).toEqual([]);
});
