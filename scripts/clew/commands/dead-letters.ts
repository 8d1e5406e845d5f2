import { Command } from 'commander';
import type { Context } from '../context.js';
import { operatingUser } from '../context.js';
import { Unusable } from '../exit.js';
import { table } from '../terminal.js';
import { wholeNumber } from './book.js';
import type { Run } from './run.js';

interface DeadLetters {
  readonly items: readonly {
    readonly id: string;
    readonly queue: string;
    readonly reason: string;
    readonly parkedAt: string | null;
    readonly messageId: string | null;
    readonly type: string | null;
  }[];
  readonly counts: Readonly<Record<string, number>>;
}

interface Handled {
  readonly dryRun: boolean;
  readonly matched: number;
  readonly done: number;
  readonly left: number;
  readonly letters: readonly {
    readonly id: string;
    readonly queue: string;
    readonly messageId: string | null;
    readonly reason: string;
  }[];
}

interface HandleOptions {
  readonly queue?: string;
  readonly all?: boolean;
  readonly reason: string;
  readonly actor: string;
  readonly dryRun?: boolean;
}

/** `clew dead-letters list|redrive|discard`: messages that nobody could take. */
export function deadLettersCommand(run: Run): Command {
  return new Command('dead-letters')
    .description('messages that were parked because nobody could take them')
    .addCommand(listLetters(run))
    .addCommand(handleLetters(run, 'redrive', 'put back into their queues'))
    .addCommand(handleLetters(run, 'discard', 'throw away for good'));
}

function listLetters(run: Run): Command {
  const command = new Command('list')
    .description('list them, with the reasons')
    .option('--queue <name>', 'only those of this queue, like flights.commands')
    .option('--limit <count>', 'how many at the most', wholeNumber);
  return command.action(
    run(async ({ gateway, terminal }) => {
      const { queue, limit } = command.opts<{ queue?: string; limit?: number }>();
      const query = new URLSearchParams({
        ...(queue && { queue }),
        ...(limit && { limit: String(limit) }),
      }).toString();
      const letters = await gateway.get<DeadLetters>(`/operations/dead-letters${query && `?${query}`}`);
      terminal.print(letters, [
        ...table(
          letters.items.map((letter) => [
            letter.id,
            letter.queue,
            letter.type ?? '-',
            letter.messageId ?? '-',
            letter.parkedAt ?? '-',
            letter.reason,
          ]),
        ),
        ...Object.entries(letters.counts).map(([name, count]) => `${name}: ${count}`),
      ]);
      return 0;
    }),
  );
}

function handleLetters(run: Run, action: 'redrive' | 'discard', description: string): Command {
  const command = new Command(action)
    .description(`${description}: some by their ids, those of a queue, or all`)
    .argument('[ids...]', 'as list shows them')
    .option('--queue <name>', 'those of this queue')
    .option('--all', 'all of them')
    .requiredOption('--reason <text>', 'why; kept in the log')
    .option('--actor <name>', 'who does it', operatingUser())
    .option('--dry-run', 'only tell which');
  return command.action(
    run((context) => {
      const [ids] = command.processedArgs as [string[]];
      return handle(context, action, ids, command.opts<HandleOptions>());
    }),
  );
}

async function handle(
  { gateway, terminal }: Context,
  action: string,
  ids: readonly string[],
  { queue, all, reason, actor, dryRun = false }: HandleOptions,
): Promise<number> {
  const which = [
    ...(ids.length > 0 ? [{ ids }] : []),
    ...(queue ? [{ queue }] : []),
    ...(all ? [{ all }] : []),
  ];
  if (which.length !== 1)
    throw new Unusable('Say which: ids, or --queue <name>, or --all; exactly one of them.');
  const handled = await gateway.post<Handled>(`/operations/dead-letters/${action}`, {
    ...which[0],
    actor,
    reason,
    dryRun,
  });
  const { matched, done, left, letters } = handled;
  terminal.print(handled, [
    dryRun ? `${matched} would be taken.` : `${done} of ${matched} done, ${left} left.`,
    ...table(
      letters.map((letter) => [`  ${letter.id}`, letter.queue, letter.messageId ?? '-', letter.reason]),
    ),
  ]);
  if (dryRun || done === matched) return 0;
  terminal.say(
    `${matched - done} could not be taken: somebody else took them, or the broker is away. Try again.`,
  );
  return 1;
}
