import { foldName, type LimitFile, type LimitRule, type ZoneOffset } from '../../contract/index.ts';
import type { StoredLimits } from '../../store/index.ts';
import { listZoneOffsets } from '../grants/zone-offsets.ts';
import { nameCounters } from './name-counters.ts';

/** The offsets of a zone as access files contain them; undefined for UTC. */
export function compileZone(zone: string, year: number): ZoneOffset[] | undefined {
  const offsets = listZoneOffsets(zone, year);
  return offsets.every(({ minutes }) => minutes === 0) ? undefined : offsets;
}

function compileRule(rule: LimitRule): Omit<LimitFile, 'id' | 'of' | 'name'> {
  return {
    ...(rule.server !== undefined && { server: rule.server }),
    ...(rule.tool !== undefined && { tool: foldName(rule.tool) }),
    ...(rule.perAgent === true && { perAgent: true as const }),
    ...(rule.requestsPerSecond !== undefined && { perSecond: rule.requestsPerSecond }),
    ...(rule.burst !== undefined && { burst: rule.burst }),
    ...(rule.concurrentCalls !== undefined && { calls: rule.concurrentCalls }),
    ...(rule.concurrentStreams !== undefined && { streams: rule.concurrentStreams }),
    ...(rule.callsPerDay !== undefined && { perDay: rule.callsPerDay }),
    ...(rule.largeBodies !== undefined && { largeBodies: rule.largeBodies }),
  };
}

/** Limits as the gate reads them, in the same order. `name`: of the agent or group, or path of the server. `year`: as for `compileGrants`. */
export function compileLimits(stored: StoredLimits | undefined, name: string, year: number): LimitFile[] {
  if (stored === undefined) return [];
  const { scope, rules, zone } = stored;
  return rules.map((rule) => {
    // The day of an agent's counter follows the agent's zone, even if the rule belongs to a group or server.
    const isAgents = scope === 'agent' || rule.perAgent === true;
    const offsets = isAgents || rule.callsPerDay === undefined ? undefined : compileZone(zone, year);
    return {
      id: nameCounters(stored, rule),
      of: scope,
      name,
      ...compileRule(rule),
      ...(offsets !== undefined && { offsets }),
    };
  });
}
