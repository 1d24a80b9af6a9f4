import { expect, test } from 'vitest';
import { readMessageEndpoint } from './endpoint-event.ts';

test('where messages go is read in every form, and nowhere else than the same origin', () => {
  const at = 'http://h:1/a/sse';
  expect(readMessageEndpoint('/message?sessionId=x', at)).toEqual({
    message: '/message',
    messageForm: 'root',
    messageWritten: '/message',
  });
  expect(readMessageEndpoint('http://h:1/m?s=1', at)).toMatchObject({ message: '/m', messageForm: 'absolute' });
  expect(readMessageEndpoint('message?s=1', at)).toMatchObject({
    message: '/a/message',
    messageForm: 'relative',
    messageWritten: 'message',
  });
  expect(readMessageEndpoint('http://evil.example/m', at)).toBeUndefined();
  expect(readMessageEndpoint('//evil.example/m', at)).toBeUndefined();
});
