import { Command } from 'commander';
import type { HttpApi } from '../http-api.js';
import { historyAt, sagaOf, type Saga } from '../saga.js';
import { historyLines, stepLines, waitsFor } from '../timeline.js';
import type { Run } from './run.js';

/** Operators are told by the gateway, which knows deadlines and queues; others what can be seen from outside. */
async function waitingOf(gateway: HttpApi, saga: Saga): Promise<string | null> {
  if (!gateway.hasKey) return waitsFor(saga);
  const { waiting } = await gateway.get<{ waiting: string[] }>(`/operations/sagas/${saga.id}`);
  return waiting.join('\n') || waitsFor(saga);
}

/** `clew show <id>`: a saga's steps, what happened when, and what it waits for. */
export function showCommand(run: Run): Command {
  const command = new Command('show').description('show a saga: its steps, its history, what it waits for');
  return command.argument('<id>', 'of a booking, an order, a return or an exchange').action(
    run(async ({ gateway, terminal }) => {
      const [id] = command.processedArgs as [string];
      const { saga, path } = await sagaOf(gateway, id);
      const history = await historyAt(gateway, path);
      const waiting = await waitingOf(gateway, saga);
      terminal.print({ ...saga, history, waitsFor: waiting }, [
        `${saga.saga} ${saga.id} is ${saga.status}`,
        ...(saga.failure ? [`  because ${saga.failure.code}: ${saga.failure.message}`] : []),
        '',
        ...stepLines(saga),
        '',
        ...historyLines(saga, history),
        ...(waiting ? ['', waiting] : []),
      ]);
      return 0;
    }),
  );
}
