import type { Confinement } from '@mcpgw/registry/contract';

/** What a program is kept from, one choice a line. */
export function describeConfinement(confinement: Confinement | null): string[] {
  if (confinement === null) return ['None: it may read, write and reach what the user of the gateway may'];
  const { network, readOnly, readable, writable, hidden } = confinement;
  const listed = (what: string, paths: string[]) => (paths.length === 0 ? [] : [`${what}: ${paths.join(', ')}`]);
  return [
    network ? 'Network of the gateway, loopback included' : 'No network',
    readOnly
      ? 'Writes in its own folder and /tmp alone'
      : 'Writes wherever the user of the gateway may, except in the gateway itself',
    ...listed('Also writes', writable),
    ...listed('Also sees', readable),
    ...listed('Does not see', hidden),
    'Does not see data of the gateway, other processes, home folders and /run',
  ];
}
