import { Command } from 'commander';
import { operatingUser, type Context } from '../context.js';
import type { Run } from './run.js';

interface BatchOptions {
  readonly reason: string;
  readonly actor: string;
  readonly yes?: boolean;
  readonly status?: string;
  readonly saga?: string;
  readonly failureCode?: string;
  readonly slowerThan?: string;
  readonly text?: string;
}

interface Batch {
  readonly dryRun: boolean;
  readonly matched: number;
  readonly more: boolean;
  readonly outcomes: readonly {
    readonly outcome: string;
    readonly because: string | null;
    readonly count: number;
    readonly ids: readonly string[];
  }[];
}

/** `clew batch <action> [step]`: the same done to many sagas. */
export function batchCommand(run: Run): Command {
  const command = new Command('batch')
    .description('do the same to many sagas: a dry run, and with --yes to those that it has found')
    .argument('<action>', 'retry, skip, mark-done, compensate or cancel')
    .argument('[step]', 'of retry, skip and mark-done')
    .requiredOption('--reason <text>', 'why; kept in the histories')
    .option('--actor <name>', 'who does it', operatingUser())
    .option('--status <status>', 'only RUNNING, COMPENSATING or STUCK')
    .option('--saga <name>', 'only of this definition')
    .option('--failure-code <code>', 'only those that turned back for this, like HOTEL_SOLD_OUT')
    .option('--slower-than <seconds>', 'only those under way for longer')
    .option('--text <text>', 'only those with this in their request')
    .option('--yes', 'do it');
  return command.action(
    run(async (context) => {
      const [action, step] = command.processedArgs as [string, string | undefined];
      const { reason, actor, yes = false, status, ...rest } = command.opts<BatchOptions>();
      const filter = { ...rest, ...(status && { status: status.toUpperCase() }) };
      const wish = { action, ...(step && { step }), reason, actor };
      const planned = await context.gateway.post<Batch>('/operations/batches', {
        ...wish,
        filter,
        dryRun: true,
      });
      const ids = planned.outcomes.flatMap(({ outcome, ids: those }) => (outcome === 'changed' ? those : []));
      if (!yes || ids.length === 0) return told(context, planned);
      return told(context, await context.gateway.post<Batch>('/operations/batches', { ...wish, ids }));
    }),
  );
}

function told({ terminal }: Context, batch: Batch): number {
  const { dryRun, matched, more, outcomes } = batch;
  terminal.print(batch, [
    `${matched} sagas${more ? ', and there are more' : ''}:`,
    ...outcomes.map(
      ({ outcome, because, count }) =>
        `  ${count} ${dryRun ? 'would be ' : ''}${outcome}${because ? `: ${because}` : ''}`,
    ),
  ]);
  if (dryRun && outcomes.some(({ outcome }) => outcome === 'changed'))
    terminal.say('Nothing is done yet: say --yes to do it.');
  return dryRun || outcomes.every(({ outcome }) => outcome !== 'refused') ? 0 : 1;
}
