import { agentChoice, grantAll, groupChoice } from '../../lib/access/grant-server.ts';
import { listAgents, setGrants } from '../../lib/api/access-api.ts';
import { listGroups, setGroupGrants } from '../../lib/api/group-api.ts';
import { errorMessage } from '../../lib/api/api-error.ts';

/** Grants everything of a server to the chosen agents and groups, one after another; returns the failures as sentences. */
export async function grantServer(path: string, chosen: readonly string[]): Promise<string[]> {
  if (chosen.length === 0) return [];
  const failures: string[] = [];
  const attempt = async (name: string, run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      failures.push(`${name}: ${errorMessage(error)}`);
    }
  };
  // Their current state: each is changed at its revision.
  const [agents, groups] = await Promise.all([listAgents(), listGroups()]).catch((error: unknown) => {
    failures.push(errorMessage(error));
    return [[], []] as const;
  });
  const grant = grantAll(path);
  for (const { name, grants, revision } of agents)
    if (chosen.includes(agentChoice(name))) await attempt(name, () => setGrants(name, [...grants, grant], revision));
  for (const { name, grants, revision } of groups)
    if (chosen.includes(groupChoice(name)))
      await attempt(name, () => setGroupGrants(name, [...grants, grant], revision));
  return failures;
}
