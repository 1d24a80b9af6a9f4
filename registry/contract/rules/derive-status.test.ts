import { expect, test } from 'vitest';
import { deriveStatus } from './derive-status.ts';

test.each([
  [{ enabled: false, configuration: 'live', health: 'healthy' }, 'disabled'],
  [{ enabled: true, configuration: 'rejected', health: 'healthy' }, 'rejected'],
  [{ enabled: true, configuration: 'pending', health: 'unhealthy' }, 'pending'],
  [{ enabled: true, configuration: 'live', health: 'auth_required' }, 'auth_required'],
  [{ enabled: true, configuration: 'off', health: 'idle' }, 'idle'],
] as const)('%j is %s', (layers, status) => {
  expect(deriveStatus(layers)).toBe(status);
});
