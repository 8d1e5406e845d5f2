import { Command } from 'commander';
import { table } from '../terminal.js';
import type { Run } from './run.js';

interface Rows {
  readonly count: number;
  readonly oldestSeconds: number | null;
}

interface Lag {
  readonly outbox: Rows;
  readonly overdue: Rows;
  readonly queues: readonly {
    readonly queue: string;
    readonly messages: number;
    readonly consumers: number;
  }[];
}

/** `clew lag`: what waits in the outbox, among the deadlines and in the queues. */
export function lagCommand(run: Run): Command {
  return new Command('lag').description('show what is behind: outbox, deadlines, queues').action(
    run(async ({ gateway, terminal }) => {
      const lag = await gateway.get<Lag>('/operations/lag');
      terminal.print(lag, [
        `${inWords(lag.outbox)} in the outbox`,
        `${inWords(lag.overdue)} among the deadlines`,
        '',
        ...table(
          lag.queues.map(({ queue, messages, consumers }) => [
            `  ${queue}`,
            `${messages} messages`,
            `${consumers} consumers`,
          ]),
        ),
      ]);
      return 0;
    }),
  );
}

function inWords({ count, oldestSeconds }: Rows): string {
  return oldestSeconds === null
    ? 'nothing waits'
    : `${count} wait, the oldest for ${oldestSeconds.toFixed(1)} s,`;
}
