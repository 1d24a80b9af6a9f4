import type { Command } from 'commander';
import { auditEntry, auditReport } from '@mcpgw/registry/contract';
import { listAll } from '../../api/index.ts';
import { plural, withProgress } from '../../output/index.ts';
import { action } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT } from '../../program/exit-codes.ts';
import { readCount } from '../../program/read-count.ts';
import { addSpan, readSpan, type SpanOptions } from './filter.ts';

interface ListOptions extends SpanOptions {
  actor?: string;
  target?: string;
  action?: string;
  limit: number;
}

/** `mcpgw audit …` */
export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').summary('who changed what').description('The record of changes.');
  const list = audit
    .command('list')
    .alias('ls')
    .summary('list changes')
    .description('Lists who changed what, from where; newest first. --json contains the values before and after.')
    .option('--actor <name>', 'only by this user or agent')
    .option('--target <name>', 'only changes of this: a path, agent:<name>, user:<name> …')
    .option('--action <action>', 'only changes of this kind: server.registered …');
  addSpan(list)
    .option('-n, --limit <count>', 'maximum number of changes', readCount, 50)
    .action(
      action(async ({ api, output }, { limit, since, until, ...filter }: ListOptions) => {
        const query = { ...filter, ...readSpan({ since, until }) };
        const found = await listAll(await api(), ['api', 'audit'], auditEntry, query, limit);
        output.result(found, () => {
          output.table(
            [{ title: 'TIME' }, { title: 'WHO' }, { title: 'FROM' }, { title: 'WHAT' }, { title: 'TARGET' }],
            found.map(({ at, actor, action: what, target }) => [
              at.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
              `${actor.kind} ${actor.name}`,
              actor.address ?? '-',
              what,
              target,
            ]),
            'Nothing was changed.',
          );
        });
      }),
    );
  addExamples(
    list,
    ['mcpgw audit list --limit 20', 'the last changes'],
    ['mcpgw audit list --since 12h', 'what was changed during the night?'],
    ['mcpgw audit list --target weather', 'who changed that server?'],
  );
  const verify = audit
    .command('verify')
    .summary('check that the record was not altered')
    .description('Verifies that no row of the record was altered or deleted. Exit code 6 if one was.')
    .action(
      action(async ({ api, output }) => {
        const connected = await api();
        const report = await withProgress('Verifying', () =>
          connected.request({ path: ['api', 'audit', 'verify'], response: auditReport }),
        );
        output.result(report, () => {
          const { verified, unchained, flaw } = report;
          output.text(
            flaw === null
              ? `The audit log is intact: ${plural(verified, 'row')} verified${unchained > 0 ? `, ${unchained} from before the chain began` : ''}.`
              : `The audit log was altered: ${flaw.detail}${flaw.id === null ? '' : ` (row ${flaw.id})`}`,
          );
        });
        return report.flaw === null ? EXIT.done : EXIT.found;
      }),
    );
  addExamples(verify, ['mcpgw audit verify', 'in a nightly check']);
}
