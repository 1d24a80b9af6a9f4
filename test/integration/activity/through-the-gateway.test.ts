import { afterAll, beforeAll, describe } from 'vitest';
import { startActivitySite, type ActivitySite } from './activity-site.ts';
import { testCalls } from './calls.suite.ts';
import { testStats } from './stats.suite.ts';

// One gateway for both suites.
const site = {} as ActivitySite;
beforeAll(async () => {
  Object.assign(site, await startActivitySite());
});
afterAll(() => site.close());

describe('calls', () => testCalls(site));
describe('statistics', () => testStats(site));
