import { fenceKeyText } from './fence-rows.js';
import { ownKey, type ReceivedCommand } from './received-command.js';

/**
 * Splits a batch into rounds, each for one transaction, so that no round has two commands of one step of a saga: a cancel
 * must find its action committed. A command that came several times stays one, with all its deliveries.
 */
export function splitBatch(batch: readonly ReceivedCommand[]): ReceivedCommand[][] {
  const rounds: Map<string, ReceivedCommand>[] = [];
  for (const command of batch) {
    const { sagaId, step } = command.envelope;
    const slot = `${sagaId}/${step}`;
    // After all earlier commands of the step, so that they stay in order; a repetition joins the last of them.
    let index = rounds.findLastIndex((round) => round.has(slot));
    const last = rounds[index]?.get(slot);
    if (last && keyOf(last) === keyOf(command)) {
      rounds[index]?.set(slot, { ...last, deliveries: [...last.deliveries, ...command.deliveries] });
      continue;
    }
    index += 1;
    (rounds[index] ??= new Map()).set(slot, command);
  }
  return rounds.map((round) => [...round.values()]);
}

function keyOf({ envelope }: ReceivedCommand): string {
  return fenceKeyText(ownKey(envelope));
}
