import type { Confinement } from '@mcpgw/registry/contract';

/** The confinement of a program, one line per setting. */
export function describeConfinement(confinement: Confinement | null): string[] {
  if (confinement === null) return ['None: it has the file and network access of the gateway user'];
  const { network, readOnly, readable, writable, hidden } = confinement;
  const listed = (what: string, paths: string[]) => (paths.length === 0 ? [] : [`${what}: ${paths.join(', ')}`]);
  return [
    network ? 'Network of the gateway, including loopback' : 'No network',
    readOnly
      ? 'Can write only to its own folder and /tmp'
      : 'Can write wherever the gateway user can, except to the gateway itself',
    ...listed('Additional writable paths', writable),
    ...listed('Additional readable paths', readable),
    ...listed('Hidden paths', hidden),
    'Hidden by default: gateway data, other processes, home folders and /run',
  ];
}
