import { expect, it } from 'vitest';
import { formatProtocol } from './format-protocol.ts';

it('names the protocol version and whether it has sessions', () => {
  expect(formatProtocol({ protocolVersion: '2025-11-25', era: 'legacy' })).toBe('MCP 2025-11-25, session-based');
  expect(formatProtocol({ protocolVersion: '2026-07-28', era: 'modern' })).toBe('MCP 2026-07-28, stateless');
  expect(formatProtocol({ protocolVersion: '2025-06-18', era: null })).toBe('MCP 2025-06-18');
  expect(formatProtocol({ protocolVersion: null, era: null })).toBe('Unknown');
});
