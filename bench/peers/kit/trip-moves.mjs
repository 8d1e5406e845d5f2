/**
 * The trip for peers that send messages: flight, hotel, car, one after the other, undone in reverse order. What a saga does next
 * follows from a reply alone, as each reply fits exactly one stage.
 */
export const PARTICIPANTS = ['flight', 'hotel', 'car'];

const move = (from, to, send) => ({ from, to, send });

/** By participant and outcome. A saga that isn't at `from` has had the reply before. */
const MOVES = {
  'flight reserved': move('flight', 'hotel', { to: 'hotel', command: 'reserve' }),
  'flight refused': move('flight', 'COMPENSATED'),
  'hotel reserved': move('hotel', 'car', { to: 'car', command: 'reserve' }),
  'hotel refused': move('hotel', 'undoing flight', { to: 'flight', command: 'cancel' }),
  'car reserved': move('car', 'COMPLETED'),
  'car refused': move('car', 'undoing hotel', { to: 'hotel', command: 'cancel' }),
  'hotel cancelled': move('undoing hotel', 'undoing flight', { to: 'flight', command: 'cancel' }),
  'flight cancelled': move('undoing flight', 'COMPENSATED'),
};

/** What a reply does. */
export function moveBy(participant, outcome) {
  const found = MOVES[`${participant} ${outcome}`];
  if (!found) throw new Error(`${participant} can't have ${outcome}`);
  return found;
}
