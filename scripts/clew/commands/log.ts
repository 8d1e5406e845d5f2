import { Command } from 'commander';
import { table } from '../terminal.js';
import { wholeNumber } from './book.js';
import type { Run } from './run.js';

interface LogPage {
  readonly items: readonly {
    readonly at: string;
    readonly actor: string;
    readonly action: string;
    readonly target: object;
    readonly reason: string;
    readonly outcome: string | null;
  }[];
}

const MOST = 100;

/** `clew log`: what operators have done, newest first. */
export function logCommand(run: Run): Command {
  const command = new Command('log')
    .description('show what operators have done and why, newest first')
    .option('--limit <count>', `how many, 20 if not said, ${MOST} at the most`, wholeNumber);
  return command.action(
    run(async ({ gateway, terminal }) => {
      const limit = Math.min(command.opts<{ limit?: number }>().limit ?? 20, MOST);
      const page = await gateway.get<LogPage>(`/operations/log?limit=${limit}`);
      terminal.print(
        page,
        table(
          page.items.map(({ at, actor, action, target, reason, outcome }) => [
            at,
            actor,
            action,
            briefly(target),
            reason,
            outcome ?? 'under way, or cut off',
          ]),
        ),
      );
      return 0;
    }),
  );
}

const BRIEFLY = 80;

function briefly(target: object): string {
  const text = JSON.stringify(target);
  return text.length > BRIEFLY ? `${text.slice(0, BRIEFLY)}…` : text;
}
