import { describe, expect, it } from 'vitest';
import { attributeFailure, quoteNginx, readServerBlock } from './server-block.ts';

const text = [
  'http {',
  '  # server aaa weather',
  '  location /a { }',
  '  # end server',
  '  keepalive_timeout 0;',
  '  # server bbb team/search',
  '  location /b { }',
  '  # end server',
  '  # server aaa weather',
  '  location /c { }',
  '  # end server',
  '}',
].join('\n');
const rendering = { 'nginx.conf': text, 'gate.js': '# server ccc' };
const failure = (line: number, file = 'nginx.conf') =>
  `2026/11/21 [notice] x\nnginx: [emerg] invalid port in "x" in /d/generations/7/${file}:${line}\nnginx: configuration file /d/generations/7/nginx.conf test failed`;

describe('attributeFailure', () => {
  it.each([
    [2, 'aaa'],
    [3, 'aaa'],
    [4, 'aaa'],
    [7, 'bbb'],
    [10, 'aaa'],
  ])('line %i belongs to server %s', (line, serverId) => {
    expect(attributeFailure(failure(line), rendering)).toEqual({ serverId, message: 'NGINX: invalid port in "x"' });
  });

  it.each([1, 5, 12, 99])('line %i belongs to no server', (line) => {
    expect(attributeFailure(failure(line), rendering)).toBeNull();
  });

  it('returns null when NGINX names no line, or another file', () => {
    expect(attributeFailure('nginx: [emerg] no "events" section in configuration', rendering)).toBeNull();
    expect(attributeFailure(failure(3, 'other.conf'), rendering)).toBeNull();
  });
});

describe('quoteNginx', () => {
  it('quotes the message, the file and the line without folders', () => {
    expect(quoteNginx(failure(3))).toBe('NGINX: invalid port in "x" (nginx.conf:3)');
    expect(quoteNginx('nginx: [emerg] no "events" section')).toBe('NGINX: no "events" section');
    expect(quoteNginx('Segmentation fault')).toBe('NGINX: Segmentation fault');
  });
});

describe('readServerBlock', () => {
  it('returns every block of a server, and none of others', () => {
    expect(readServerBlock(rendering, 'aaa')).toBe(
      '  # server aaa weather\n  location /a { }\n  # end server\n  # server aaa weather\n  location /c { }\n  # end server',
    );
    expect(readServerBlock(rendering, 'ccc')).toBe('');
  });
});
