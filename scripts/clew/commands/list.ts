import { Command } from 'commander';
import { sagaPages, type Saga } from '../saga.js';
import { table } from '../terminal.js';
import { wholeNumber } from './book.js';
import type { Run } from './run.js';

interface ListOptions {
  readonly status?: string;
  readonly saga?: string;
  readonly subject?: string;
  readonly failureCode?: string;
  readonly slowerThan?: string;
  readonly text?: string;
  readonly limit?: number;
}

const DEFAULT_LIMIT = 20;
const LONGEST_PAGE = 100;

/** `clew list`: sagas, newest first. */
export function listCommand(run: Run): Command {
  const command = new Command('list')
    .description('list sagas, newest first')
    .option('--status <status>', 'only RUNNING, COMPENSATING, STUCK, COMPLETED or COMPENSATED')
    .option('--saga <name>', 'only of this definition, like trip-booking')
    .option('--subject <text>', 'only about this: an e-mail address, a customer')
    .option('--failure-code <code>', 'only those that turned back for this, like HOTEL_SOLD_OUT')
    .option('--slower-than <seconds>', 'only those under way for longer, or STUCK')
    .option('--text <text>', 'only those with this in their request')
    .option('--limit <count>', `how many at the most, ${DEFAULT_LIMIT} if not said`, wholeNumber);
  return command.action(
    run(async ({ gateway, terminal }) => {
      const { status, limit, ...rest } = command.opts<ListOptions>();
      const most = limit ?? DEFAULT_LIMIT;
      const filter = {
        ...(status && { status: status.toUpperCase() }),
        ...rest,
        ...(limit && { limit: String(Math.min(limit, LONGEST_PAGE)) }),
      };
      const items: Saga[] = [];
      for await (const page of sagaPages(gateway, filter)) {
        items.push(...page);
        if (items.length >= most) break;
      }
      const shown = items.slice(0, most);
      terminal.print(
        { items: shown },
        table(
          shown.map(({ id, saga: name, status: now, createdAt, failure, waiting = [] }) => [
            id,
            name,
            now,
            createdAt,
            [failure?.code ?? '', ...waiting].filter(Boolean).join(' '),
          ]),
        ),
      );
      if (shown.length === 0) terminal.say('There is no such saga.');
      return 0;
    }),
  );
}
