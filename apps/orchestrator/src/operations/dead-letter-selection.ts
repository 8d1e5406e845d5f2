import type { DeadLetterSelection } from '@clew/broker';
import { invalid } from '@clew/service';

/** How a request says which dead letters it means. */
interface Wish {
  readonly ids?: readonly string[] | null;
  readonly queue?: string | null;
  readonly all?: true | null;
}

/**
 * Which dead letters are meant. Nobody is to throw all of them away for having left something out.
 *
 * @throws ProblemException 400 unless exactly one way to say it was taken
 */
export function selectionOf({ ids, queue, all }: Wish): DeadLetterSelection {
  const selections: DeadLetterSelection[] = [];
  if (ids) selections.push({ ids });
  if (typeof queue === 'string') selections.push({ queue });
  if (all) selections.push({ all });
  if (selections.length !== 1)
    throw invalid([{ field: '', message: 'exactly one of ids, queue and all must be given' }]);
  return selections[0]!;
}
