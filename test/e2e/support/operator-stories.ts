import type { Plan, Wish } from './rehearsals.js';

/**
 * What operators do to a saga, one thing after the other, and what comes of each: the status then, with the steps that are
 * asked for; `-` when nothing changes; or why it is refused.
 */
export type Story = readonly (readonly [action: string, wish: Wish, comes: string | RegExp])[];
export type Stories = Readonly<Record<string, Story>>;

const [flight, hotel, car] = ['flight', 'hotel', 'car'].map((step) => ({ step }));
const [capture, delivery, giveBack, collection] = ['capture', 'delivery', 'return', 'collection'].map(
  (step) => ({ step }),
);

/** Of trips whose hotel and car are asked for and don't answer. */
export const ON_THEIR_WAY: Stories = {
  'turning it back, and of what is done about that': [
    ['retry', hotel!, '-'],
    ['skip', hotel!, /only a step that is STUCK, or a retriable one that doesn't answer, can be skipped/],
    ['mark-done', hotel!, /is EXECUTING: only a step that is STUCK or being undone, or one that/],
    ['retry', { step: 'submarine' }, /has no step "submarine"/],
    ['compensate', {}, 'COMPENSATING car'],
    ['compensate', {}, '-'],
    ['cancel', {}, '-'],
    ['retry', hotel!, /"hotel" is IN_DOUBT: only a step that is STUCK can be retried/],
    ['retry', car!, '-'],
    ['mark-done', car!, 'COMPENSATING hotel'],
  ],
  'cancelling it': [['cancel', {}, 'COMPENSATING car']],
};

/** Of trips that are STUCK, as the hotel has never answered its undo. */
export const PARKED: Stories = {
  'retrying an undo that is parked': [
    ['compensate', {}, '-'],
    ['retry', flight!, '-'],
    ['retry', hotel!, 'COMPENSATING hotel'],
    ['retry', hotel!, '-'],
    ['mark-done', hotel!, 'COMPENSATED'],
    ['cancel', {}, /The saga has ended: it is COMPENSATED/],
  ],
  'skipping an undo that is parked': [
    ['skip', hotel!, 'COMPENSATED'],
    ['skip', hotel!, '-'],
  ],
  'marking an undo that is parked as done': [
    ['mark-done', hotel!, 'COMPENSATED'],
    ['mark-done', hotel!, '-'],
  ],
};

/** Of trips that are STUCK, as neither hotel nor car has answered its undo. One undo is asked for at a time. */
export const PARKED_TWICE: Stories = {
  'retrying an undo beside another, so that its step is in doubt until its turn comes, and skipping it': [
    ['retry', hotel!, 'COMPENSATING hotel'],
    ['retry', car!, 'COMPENSATING'],
    ['retry', car!, '-'],
    ['skip', car!, 'COMPENSATING'],
    ['mark-done', hotel!, 'COMPENSATED'],
  ],
  'marking an undo as done, so that the turn of another comes': [
    ['retry', hotel!, 'COMPENSATING hotel'],
    ['retry', car!, 'COMPENSATING'],
    ['mark-done', hotel!, 'COMPENSATING car'],
    ['skip', car!, /"car" is COMPENSATING/],
  ],
  'marking an undo as done that waits for its turn': [
    ['retry', hotel!, 'COMPENSATING hotel'],
    ['retry', car!, 'COMPENSATING'],
    ['mark-done', car!, 'COMPENSATING'],
    ['mark-done', hotel!, 'COMPENSATED'],
  ],
};

/** Of a trip that is STUCK, as the hotel has refused its undo: that was an answer, so the next epoch is asked for. */
export const UNDO_REFUSED: Stories = {
  'retrying an undo that was refused': [['retry', hotel!, 'COMPENSATING hotel@1']],
};

/** Of orders whose delivery, which is retriable, doesn't answer. */
export const DELIVERY_ASKED: Stories = {
  'what can not be turned back any more, and skipping what does not answer': [
    ['cancel', {}, /is SUCCEEDED and can't be undone: the saga can only go forward/],
    ['compensate', {}, /can't be undone/],
    ['mark-done', capture!, '-'],
    ['retry', delivery!, '-'],
    ['skip', delivery!, 'COMPLETED'],
  ],
  'marking as done what does not answer': [
    ['mark-done', { ...delivery!, result: { deliveryId: 'by hand' } }, 'COMPLETED'],
  ],
};

/** Of orders that are STUCK, as their delivery was refused. */
export const DELIVERY_REFUSED: Stories = {
  'skipping a retriable step that was refused': [
    ['compensate', {}, /can't be undone/],
    ['skip', delivery!, 'COMPLETED'],
  ],
  'marking a retriable step that was refused as done': [
    ['mark-done', { ...delivery!, result: { deliveryId: 'by hand' } }, 'COMPLETED'],
  ],
  'retrying a retriable step that was refused': [
    ['retry', delivery!, 'RUNNING delivery@1'],
    ['retry', delivery!, '-'],
  ],
};

/** Of an order that waits for another one of the same customer. */
export const LOCKED: Stories = { 'cancelling what waits for a lock': [['cancel', {}, 'COMPENSATED']] };

/** Of an exchange that waits for its return, a saga of its own, which is its pivot. */
export const PARENT: Stories = {
  'what waits for a child saga': [
    ['cancel', {}, /can't be undone and may have been done: it has to be known first whether it was/],
    ['skip', giveBack!, /is the pivot/],
    ['retry', giveBack!, '-'],
    ['mark-done', { ...giveBack!, result: { results: {} } }, 'RUNNING delivery'],
  ],
};

/** Of that return, whose collection doesn't answer. */
export const CHILD: Stories = {
  'turning a child saga back, and of its word to its parent': [
    ['compensate', {}, 'COMPENSATING collection'],
    ['mark-done', collection!, 'COMPENSATED, return is rejected'],
  ],
};

/** What comes of something, in the words of a story. */
export function inWords({ changed, status, commands, answer }: Plan): string {
  if (!changed) return '-';
  const steps = commands.map(({ messageId }) => {
    const [, step, , epoch] = messageId.split('/');
    return epoch === '0' ? step : `${step}@${epoch}`;
  });
  return [status, ...steps].join(' ') + (answer ? `, ${answer.step} is ${answer.outcome}` : '');
}
