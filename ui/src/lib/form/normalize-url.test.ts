import { expect, it } from 'vitest';
import { normalizeUrl } from './normalize-url.ts';

it('cleans up pasted URLs', () => {
  expect(normalizeUrl(' "https://mcp.example.com/mcp", ')).toBe('https://mcp.example.com/mcp');
  expect(normalizeUrl('localhost:8000')).toBe('http://localhost:8000');
  expect(normalizeUrl('weather:8000/sse')).toBe('http://weather:8000/sse');
  expect(normalizeUrl('10.0.0.1/mcp')).toBe('http://10.0.0.1/mcp');
  expect(normalizeUrl('[::1]:3000')).toBe('http://[::1]:3000');
  expect(normalizeUrl('ftp://x')).toBe('ftp://x');
  expect(normalizeUrl('weather')).toBe('weather');
  expect(normalizeUrl('')).toBe('');
});
