import { callOnce } from '../../../test/support/faults/load/call-once.ts';
import { countReloads } from '../../../test/support/faults/observe/find-processes.ts';
import { startBenchGateway } from '../../backends/start-bench-gateway.ts';
import { startLightServers } from '../../backends/start-light-servers.ts';
import { withClosers } from '../../measure/closers.ts';
import type { Bench } from '../../measure/report/report.ts';
import { showSpread } from '../../measure/statistics.ts';

const KEYS = 50;

/** Keys revoked one after another: whether the very next call is refused, and the cost of the change. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const { urls } = defer(await startLightServers(1));
    const gateway = defer(await startBenchGateway());
    await gateway.register({ path: 'weather', url: urls[0] });
    // Wrong keys are limited per address.
    const call = async (key: string, index: number) =>
      (await callOnce(false, { url: gateway.url, path: 'weather', key, from: `127.0.1.${index + 1}` }, 1)).text;
    const before = countReloads(gateway);
    const durationsMs: number[] = [];
    let late = 0;
    for (let index = 0; index < KEYS; index += 1) {
      const { name, key, keyId } = await gateway.createAgent(['weather']);
      const allowed = await call(key, index);
      if (allowed !== '200') throw new Error(`a new key was answered ${allowed}`);
      const began = performance.now();
      await gateway.admin.must('DELETE', `/api/agents/${name}/keys/${keyId}`);
      durationsMs.push(performance.now() - began);
      if (!(await call(key, index)).startsWith('401')) late += 1;
    }
    const reloads = countReloads(gateway) - before;
    return {
      title: 'Revoked keys',
      method: `${KEYS} agents with a key each, one after another: a call succeeds, the key is revoked over the API, and the next call is sent as soon as the API has responded.`,
      columns: ['to revoke, ms', 'calls let through after it', 'reloads'],
      rows: [[showSpread(durationsMs, 1), String(late), String(reloads)]],
      bars: [
        { what: 'calls let through', bar: '0', value: String(late), met: late === 0 },
        { what: 'reloads', bar: '0', value: String(reloads), met: reloads === 0 },
      ],
    };
  });
