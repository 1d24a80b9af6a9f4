import type { GrantFile } from '../../../registry/contract/gate/access-files.ts';
import {
  compileRules,
  decideName,
  indexNames,
  isActive,
  listCovering,
  type GrantKind,
} from '../../../registry/contract/gate/rules/index.ts';

const KINDS: readonly GrantKind[] = ['tools', 'resources', 'prompts'];
const FACTS = { tags: ['ops'], readOnly: indexNames(['get_state', 'list']) };
const NAMES: readonly string[] = [
  'get_state',
  'GET_STATE',
  'get_secret',
  'list',
  'send',
  'file:///public/a',
  'file:///public/../a',
  'file:///%41',
  '',
];
const NOW_MS = 1_700_000_000_000;

function readGrant(text: string): GrantFile {
  const [server = '', ...selectors] = text.split(' ');
  const list = selectors.filter((word) => word !== 'deny' && word !== 'over' && word !== 'night');
  return {
    server,
    tools: list,
    resources: list,
    prompts: list,
    ...(selectors.includes('deny') && { deny: true as const }),
    ...(selectors.includes('over') && { expiresAt: NOW_MS }),
    ...(selectors.includes('night') && { hours: { days: [2], from: 1_300, to: 1_340, offsets: [] } }),
  };
}

/** Which names on `team/search` the grants described by a text allow, and why. One grant per line: a server pattern, then selectors. */
export function decideNames(text: string): string {
  const grants: GrantFile[] = [];
  for (const line of text.split('\n')) grants.push(readGrant(line));
  const covering = listCovering(grants, 'team/search').filter((at) => {
    const grant = grants[at];
    return grant !== undefined && isActive(grant, NOW_MS);
  });
  const rules = compileRules(grants, covering, FACTS);
  if (rules === undefined) return 'nothing';
  const shown: string[] = [];
  for (const kind of KINDS)
    for (const name of NAMES) {
      const { allowed, match, isUnclear } = decideName(rules[kind], name);
      shown.push(`${allowed} ${match === undefined ? '-' : `${match.grant} ${match.selector}`} ${isUnclear}`);
    }
  return shown.join(';');
}
