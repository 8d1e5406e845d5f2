import type { HistoryRow, SagaEvent } from '@clew/saga';
import type { TransitionResponse } from './saga-history.response.dto.js';

const NO_CAUSE = { messageId: null, attempt: null, action: null, actor: null, reason: null };

/** Every transition of a saga in order; of a part of its history, those before are counted in `earlier`. */
export function transitionsOf(
  sagaId: string,
  history: readonly HistoryRow[],
  earlier = 0,
): TransitionResponse[] {
  return history
    .flatMap(({ revision, at, entries }) =>
      entries.map(({ event, cause, at: own }) => ({ revision, at: own ?? at.toISOString(), event, cause })),
    )
    .map(({ revision, at, event, cause }, index) => ({
      sequence: earlier + index + 1,
      revision,
      at,
      type: event.type,
      step: 'step' in event ? event.step : null,
      details: detailsOf(event),
      messageId: commandSentBy(sagaId, event),
      cause: { ...NO_CAUSE, ...cause },
    }));
}

/** The facts of an event beside its type and step. The input isn't repeated: the saga's own view shows it. */
function detailsOf(event: SagaEvent): object {
  if (event.type === 'SagaStarted') return {};
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'type' && name !== 'step'));
}

function commandSentBy(sagaId: string, event: SagaEvent): string | null {
  switch (event.type) {
    case 'StepStarted':
      return `${sagaId}/${event.step}/action/${event.epoch}`;
    case 'StepCompensationStarted':
      return `${sagaId}/${event.step}/compensation/${event.epoch}`;
    case 'CommandRepeated':
      return `${sagaId}/${event.step}/${event.direction}/${event.epoch}`;
    default:
      return null;
  }
}
