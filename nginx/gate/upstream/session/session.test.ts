import { expect, test } from 'vitest';
import { platform } from 'platform/system';
import { readMessageTag, tagMessageQuery } from './message-tag.ts';
import { readTag, tagSession } from './tag.ts';

const MAC = platform.createMac('ab'.repeat(32));
const OTHER = platform.createMac('cd'.repeat(32));

test('a tag binds a session to its agent and finds its instance', () => {
  const tagged = tagSession(MAC, { backendId: 'a~b.c', instance: 'i1' }, 'bob');
  expect(tagged).toMatch(/^a~b\.c~i1\.[0-9a-f]{16}$/);
  expect(readTag(MAC, tagged, 'bob')).toEqual({ backendId: 'a~b.c', instance: 'i1' });
  expect(readTag(MAC, tagged, 'eve')).toBeUndefined();
  expect(readTag(OTHER, tagged, 'bob')).toBeUndefined();
  for (const text of [tagged.replace('~i1.', '~i2.'), `x${tagged}`, 'abc', '', '~i1.0000000000000000', `${tagged}0`])
    expect(readTag(MAC, text, 'bob'), text).toBeUndefined();
});

test('a tag binds a whole legacy message URL', () => {
  const query = tagMessageQuery(MAC, { rest: 'messages/', query: 'sessionId=1' }, 'bob', 'i1');
  expect(query).toMatch(/^sessionId=1&mcpgw=i1\.[0-9a-f]{16}$/);
  const read = (rest: string, text: string, agent = 'bob') => readMessageTag(MAC, { rest, query: text }, agent);
  expect(read('messages/', query)).toEqual({ backendId: 'sessionId=1', instance: 'i1' });
  expect(read('other', query)).toBeUndefined();
  expect(read('messages/', query.replace('=1', '=2'))).toBeUndefined();
  expect(read('messages/', query, 'eve')).toBeUndefined();
  const bare = tagMessageQuery(MAC, { rest: 'm', query: '' }, 'bob', 'i1');
  expect(read('m', bare)).toEqual({ backendId: '', instance: 'i1' });
});
