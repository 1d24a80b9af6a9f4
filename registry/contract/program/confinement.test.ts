import { expect, test } from 'vitest';
import { serverInput, serverPatch } from '../server/server.ts';

const program = { path: 'files', command: '/opt/files' };
const problemsOf = (input: object, schema: { safeParse: typeof serverInput.safeParse } = serverInput) =>
  schema.safeParse(input).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

test('members left out of a confinement are restricted; a program without a confinement is not confined', () => {
  expect(serverInput.parse({ ...program, confinement: {} }).program?.confinement).toEqual({
    ...{ network: false, readOnly: true },
    ...{ readable: [], writable: [], hidden: [] },
  });
  expect(serverInput.parse(program).program?.confinement).toBeNull();
  expect(serverPatch.parse({ confinement: { network: true } })).toEqual({ confinement: { network: true } });
});

test.each([
  ['/srv/../etc', 'a path without "//", "." and ".." and without a slash at the end'],
  ['/srv/', 'without a slash at the end'],
  ['srv', 'an absolute path below "/"'],
  ['/', 'an absolute path below "/"'],
  ['/a\nb', 'an absolute path'],
])('the path %j is refused', (path, message) => {
  for (const list of ['readable', 'writable', 'hidden'])
    expect(problemsOf({ ...program, confinement: { [list]: [path] } }).join()).toContain(message);
});

test('a path in two lists, an unknown member and a server that is not a program are refused by name', () => {
  const twice = { writable: ['/srv/a'], hidden: ['/srv/a'] };
  expect(problemsOf({ ...program, confinement: twice })).toEqual([
    'confinement.hidden: /srv/a is in "writable" already',
  ]);
  expect(problemsOf({ ...program, confinement: { net: true } })[0]).toMatch(/^confinement: .*net/);
  expect(problemsOf({ path: 'a', url: 'http://a:1', confinement: {} })[0]).toContain('belongs to a program');
  const docker = { path: 'a', docker: { image: 'a' }, confinement: {} };
  expect(problemsOf(docker)).toEqual([
    'confinement: it would confine the command "docker" and not the container; limit the container itself',
  ]);
});
