import { afterAll, beforeAll, describe } from 'vitest';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { testIdentities } from './identities.suite.ts';
import { testKillSwitches } from './kill.suite.ts';
import { testLimits } from './limits.suite.ts';

// Changes take effect on the next request. One gateway for all suites.
const site = {} as Site;
beforeAll(async () => {
  Object.assign(site, await startSite());
});
afterAll(() => site.close());

describe('groups and keys', () => testIdentities(site));
describe('kill switches', () => testKillSwitches(site));
describe('limits', () => testLimits(site));
