import type { Command } from 'commander';
import { configApplied, configPlan, type ConfigPlan } from '@mcpgw/registry/contract';
import type { LoadedConfig } from '@mcpgw/config';
import type { Api } from '../../api/index.ts';
import { withProgress } from '../../output/index.ts';
import { confirm } from '../../program/confirm.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT } from '../../program/exit-codes.ts';
import { chooseFile, locateFailure, readConfig } from './read-config.ts';
import { showPlan, summarise } from './show-plan.ts';

interface Options {
  source: string;
  yes?: boolean;
  exitCode?: boolean;
}

const SOURCE = 'name of this configuration; it manages everything that it defines';

async function requestPlan(api: Api, file: string, loaded: LoadedConfig, source: string): Promise<ConfigPlan> {
  const body = { document: { ...loaded.document, settings: {} }, source };
  const plan = await api
    .request({ method: 'POST', path: ['api', 'config', 'plan'], body, response: configPlan })
    .catch((error: unknown) => {
      throw locateFailure(error, file, loaded);
    });
  return { ...plan, skipped: [...loaded.skipped, ...plan.skipped] };
}

async function apply(context: Context, { source, yes }: Options, named: string | undefined): Promise<void> {
  const { env, output } = context;
  const file = chooseFile(named);
  const loaded = readConfig(file, env);
  const api = await context.api();
  const plan = await requestPlan(api, file, loaded, source);
  if (!output.isJson) showPlan(output, plan);
  if (plan.changes.length === 0) {
    if (output.isJson) output.result({ ...plan, applied: true }, () => undefined);
    return;
  }
  await confirm('Apply this?', yes);
  const body = { document: { ...loaded.document, settings: {} }, source, ifRevision: plan.revision };
  const applied = await withProgress('Applying', () =>
    api.request({ method: 'POST', path: ['api', 'config', 'apply'], body, response: configApplied }),
  ).catch((error: unknown) => {
    throw locateFailure(error, file, loaded);
  });
  output.result({ ...applied, skipped: plan.skipped }, () => {
    const where = applied.applied ? `live in generation ${applied.generation}` : 'stored, but not served by NGINX yet';
    output.text(`Applied: ${summarise(plan)}; ${where}.`);
  });
}

/** `mcpgw config diff` and `mcpgw config apply` */
export function addConfigApply(config: Command): void {
  const diff = config
    .command('diff')
    .summary('show what a configuration file would change')
    .description('Shows what applying a configuration file would add, change and remove. Nothing is changed.')
    .argument('[file]', 'the file; else mcpgw.config.{json,yaml,yml} in this folder')
    .option('--source <name>', SOURCE, 'cli')
    .option('--exit-code', 'exit with code 6 if there are changes')
    .action(
      action(async (context, { source, exitCode }: Options, named: string | undefined) => {
        const file = chooseFile(named);
        const plan = await requestPlan(await context.api(), file, readConfig(file, context.env), source);
        context.output.result(plan, () => showPlan(context.output, plan));
        return exitCode === true && plan.changes.length > 0 ? EXIT.found : EXIT.done;
      }),
    );
  addExamples(
    diff,
    ['mcpgw config diff', 'what the file in this folder would change'],
    ['mcpgw config diff team.yaml --exit-code --json', 'in CI: 6 when the gateway differs from the file'],
  );
  const command = config
    .command('apply')
    .summary('apply a configuration file to the gateway')
    .description(
      'Shows the plan, asks for confirmation, and applies it as one change: all of it or nothing. Servers and agents of the same source that are no longer in the file are removed; those created through the API remain.',
    )
    .argument('[file]', 'the file; else mcpgw.config.{json,yaml,yml} in this folder')
    .option('--source <name>', SOURCE, 'cli')
    .option('-y, --yes', 'do not ask')
    .action(action((context, options: Options, named: string | undefined) => apply(context, options, named)));
  addExamples(
    command,
    ['mcpgw config apply', 'the file in this folder'],
    ['mcpgw config apply team.yaml --source team --yes', 'in CI'],
  );
}
