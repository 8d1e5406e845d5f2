import { stepsOf, stepState, type StepState } from '@clew/saga/core';
import { eventInWords } from './event-in-words.js';
import { inText } from './mismatch.js';
import type { SagaRun, SentCommand } from './saga-run.js';

/** What people want to see first is the line of their specification. */
const OWN_FRAME = /^ +at .*(played-happenings|played-specification|sent-commands|saga-run|given)\./;

/** A history longer than that is told from its end. */
const MOST_EVENTS = 40;

/** A saga did something else than its specification says. The message tells what, and all that led there. */
export class UnmetExpectation extends Error {
  override readonly name = 'UnmetExpectation';

  constructor(what: string, run: SagaRun) {
    super([what, ...situationOf(run).map((line) => `  ${line}`)].join('\n'));
    const lines = this.stack?.split('\n').filter((line) => !OWN_FRAME.test(line));
    this.stack = lines?.join('\n');
  }
}

/** A command for people: `hotels.reserve (step "hotel", attempt 1)`. */
export function inWords({ command }: SentCommand): string {
  const { type, step, attempt, epoch } = command;
  return `${type} (step "${step}", attempt ${attempt}${epoch > 0 ? `, epoch ${epoch}` : ''})`;
}

function situationOf(run: SagaRun): string[] {
  const { state, sent, awaitedLock } = run;
  const earlier = run.history.length - MOST_EVENTS;
  const unexpected = sent.filter(({ mark }) => mark === 'new');
  const awaited = sent.filter((command) => command.mark !== 'new' && run.isAwaited(command));
  const steps = stepsOf(run.definition).map(
    ({ name }) => `${name} ${state && standing(stepState(state, name))}`,
  );
  return [
    `Sent and not yet expected: ${listed(unexpected, (command) => `${inWords(command)} ${inText(command.command.payload)}`)}`,
    `Awaited: ${listed(awaited, inWords)}${awaitedLock === undefined ? '' : `, the lock "${awaitedLock}"`}`,
    `After ${run.now} ms the saga is ${state?.status}: ${steps.join(', ')}`,
    'History:',
    ...(earlier > 0 ? [`  … ${earlier} before`] : []),
    ...run.history.slice(-MOST_EVENTS).map((event) => `  ${eventInWords(event)}`),
  ];
}

function listed(commands: readonly SentCommand[], describe: (command: SentCommand) => string): string {
  return commands.length > 0 ? commands.map(describe).join(', ') : 'nothing';
}

function standing(step: StepState): string {
  if (step.status !== 'STUCK') return step.status;
  switch (step.reason.kind) {
    case 'silence':
      return 'STUCK (silence)';
    case 'rejection':
      return `STUCK (${step.reason.rejection.code})`;
    case 'bug':
      return `STUCK (${step.reason.message})`;
  }
}
