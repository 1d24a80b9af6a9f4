import { expect, test } from 'vitest';
import { readToolWords, type SearchableTool } from './searchable-tool.ts';
import { createToolIndex } from './tool-index.ts';
import { splitName, splitWords, stem } from './words.ts';

const tool = (
  server: string,
  name: string,
  description: string,
  more: Partial<SearchableTool> = {},
): SearchableTool => ({
  ...{ name, title: '', summary: description, description: '', parameters: '', server, tags: '' },
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
const index = createToolIndex(TOOLS.map(readToolWords));
const search = (query: string, limit = 5) =>
  index.search(query, limit, () => true).map(({ position }) => TOOLS[position]?.name);

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

test('tools of a named server rank first, and for a question tools that read rank before tools that change', () => {
  expect(search('what issues are on github')[0]).toBe('create_issue');
  const two = [
    tool('wiki', 'delete_page', 'A page.'),
    tool('wiki', 'get_page', 'A page.'),
    tool('blog', 'get_page', 'A page.'),
  ];
  const ofTwo = createToolIndex(two.map(readToolWords));
  const positions = (query: string) => ofTwo.search(query, 9, () => true).map(({ position }) => position);
  expect(positions('which page')).toEqual([1, 2, 0]);
  expect(positions('a page of the blog')[0]).toBe(2);
  expect(positions('throw away a page')[0]).toBe(0);
});

test('a name that begins with a capital remains one word, other names are split', () => {
  expect(splitWords('GitHub issues of createIssue')).toEqual(['github', 'issues', 'of', 'create', 'issue']);
  expect(splitName('CreateIssue')).toEqual(['create', 'issue']);
  expect(splitWords('Prévisions météo')).toEqual(['previsions', 'meteo']);
});

test('forms of a word have the same stem', () => {
  for (const [first, second] of [
    ['searches', 'searching'],
    ['repositories', 'repository'],
    ['deletion', 'delete'],
    ['listing', 'lists'],
    ['files', 'file'],
  ] as const)
    expect(stem(first)).toBe(stem(second));
});

test('a tool that is not accepted is replaced by the next one', () => {
  const github = (at: number) => TOOLS[at]?.server === 'github';
  expect(index.search('move files', 5, github)).toEqual([]);
  expect(index.search('search for an issue', 2, github)).toHaveLength(2);
});

test('hostile and empty queries find nothing or something, and never fail', () => {
  for (const query of ['', ' ', '"', '* OR name:', '\u0000', 'a'.repeat(10_000), '…', 'constructor __proto__'])
    search(query);
  expect(search('')).toEqual([]);
});
