import type { HistoryRow, SagaEvent } from '@clew/saga';
import type { TransitionResponse } from './booking-history.response.dto.js';

const NO_CAUSE = { messageId: null, attempt: null, action: null, actor: null, reason: null };

/** Every transition of a booking in order. */
export function transitionsOf(bookingId: string, history: readonly HistoryRow[]): TransitionResponse[] {
  return history
    .flatMap(({ revision, at, entries }) => entries.map((entry) => ({ revision, at, ...entry })))
    .map(({ revision, at, event, cause }, index) => ({
      sequence: index + 1,
      revision,
      at: at.toISOString(),
      type: event.type,
      step: 'step' in event ? event.step : null,
      details: detailsOf(event),
      messageId: commandSentBy(bookingId, event),
      cause: { ...NO_CAUSE, ...cause },
    }));
}

/** The facts of an event beside its type and step. The trip isn't repeated: the booking shows it. */
function detailsOf(event: SagaEvent): object {
  if (event.type === 'SagaStarted') return {};
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'type' && name !== 'step'));
}

function commandSentBy(bookingId: string, event: SagaEvent): string | null {
  switch (event.type) {
    case 'StepStarted':
      return `${bookingId}/${event.step}/action/${event.epoch}`;
    case 'StepCompensationStarted':
      return `${bookingId}/${event.step}/compensation/${event.epoch}`;
    case 'CommandRepeated':
      return `${bookingId}/${event.step}/${event.direction}/${event.epoch}`;
    default:
      return null;
  }
}
