import type { Booking, Transition } from './gateway.js';

const actionOutcomes = ['StepSucceeded', 'StepRejected', 'StepLeftInDoubt'];
const ends: Readonly<Record<string, string>> = { COMPLETED: 'SagaCompleted', COMPENSATED: 'SagaCompensated' };

/** What can't be in the history of a booking that has ended, if each of its transitions was made once, on the one before. */
export function historyProblems(booking: Booking, history: readonly Transition[]): string[] {
  const problems: string[] = [];
  const check = (holds: boolean, problem: string) =>
    holds || problems.push(`booking ${booking.id}: ${problem}`);
  const count = (...types: (string | undefined)[]) =>
    history.filter(({ type }) => types.includes(type)).length;

  check(
    history.every(({ sequence }, index) => sequence === index + 1),
    'its sequence has gaps or repetitions',
  );
  check(
    history.every(({ revision }, index) => {
      const before = history[index - 1]?.revision ?? 1;
      return revision === before || revision === before + 1;
    }),
    `its revisions have gaps: ${history.map(({ revision }) => revision).join(', ')}`,
  );
  check(history[0]?.type === 'SagaStarted' && count('SagaStarted') === 1, 'it was not begun once');
  check(
    history.at(-1)?.type === ends[booking.status] && count(...Object.values(ends)) === 1,
    `it is ${booking.status} and ends with ${history.at(-1)?.type}`,
  );
  check(
    count('CompensationBegan') === (booking.status === 'COMPENSATED' ? 1 : 0),
    'it did not turn back once, or without a reason',
  );
  for (const { name } of booking.steps) {
    const types = history.filter(({ step }) => step === name);
    for (const problem of stepProblems(types)) check(false, `step ${name}: ${problem}`);
  }
  return problems;
}

/** Each command and each outcome once, a command before its outcome, and repetitions numbered between the two. */
function stepProblems(history: readonly Transition[]): string[] {
  const problems: string[] = [];
  let state = 'new';
  let attempt = 1;
  const enter = (next: string, from: string, type: string) => {
    if (state !== from) problems.push(`${type} when ${state}`);
    state = next;
    attempt = 1;
  };
  for (const { type, details } of history) {
    if (type === 'StepStarted') enter('executing', 'new', type);
    else if (actionOutcomes.includes(type))
      enter(type === 'StepRejected' ? 'over' : 'to be undone', 'executing', type);
    else if (type === 'StepCompensationStarted') enter('compensating', 'to be undone', type);
    else if (type === 'StepCompensated') enter('over', 'compensating', type);
    else if (type === 'CommandRepeated') {
      const under = details['direction'] === 'action' ? 'executing' : 'compensating';
      if (state !== under || details['attempt'] !== attempt + 1)
        problems.push(`attempt ${String(details['attempt'])} after ${attempt} when ${state}`);
      attempt += 1;
    } else problems.push(`${type} has no business there`);
  }
  return problems;
}
