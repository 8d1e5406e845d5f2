import { saga, stepsOf, type CommandClass, type SagaDefinition, type StepView } from '@clew/saga/core';
import type { Tape } from './tape.js';

class Taken {
  reservationId!: string;
}
class GivenBack {}

function commandClass(type: string, reply: new () => object): CommandClass {
  return class {
    static readonly type = type;
    static readonly reply = reply;
  };
}

const PARTICIPANTS = ['north', 'south', 'west'] as const;
const TAKE = PARTICIPANTS.map((name) => commandClass(`${name}.take`, Taken));
const GIVE_BACK = PARTICIPANTS.map((name) => commandClass(`${name}.give-back`, GivenBack));

/** The builder without its types, which can't follow a definition that is drawn. */
interface UntypedBuilder {
  step(name: string, spec: object): UntypedBuilder;
  child(name: string, spec: object): UntypedBuilder;
  parallel(steps: Record<string, object>): UntypedBuilder;
  end(): SagaDefinition;
}

type Kind = 'compensatable' | 'pivot' | 'retriable';

/** Bugs in a definition's own code: some from the beginning, some with a release, until somebody mends them. */
export interface Bugs {
  released: boolean;
  mended: boolean;
}

export interface DrawnDefinition {
  readonly definition: SagaDefinition;
  readonly bugs: Bugs;
}

interface Numbered {
  readonly number: number;
}

/**
 * One to six steps: compensatable ones, at most one pivot, retriable ones; some side by side, some under a condition, some
 * sagas of their own; now and then a deadline, locks, or code that throws.
 */
export function drawDefinition(tape: Tape): DrawnDefinition {
  const bugs: Bugs = { released: false, mended: false };
  return { definition: draw(tape, bugs, 'drawn', ['a', 'b', 'c', 'd', 'e', 'f']), bugs };
}

function draw(
  tape: Tape,
  bugs: Bugs,
  name: string,
  letters: readonly string[],
  allowed?: Kind,
): SagaDefinition {
  const isChild = name !== 'drawn';
  const names = letters.slice(0, 1 + tape.pick(letters.length));
  const mayCommit = allowed !== 'compensatable' && tape.chance(45);
  const compensatable = names.length - (mayCommit ? tape.pick(names.length + 1) : 0);
  const pivotAt = tape.chance(50) ? compensatable : -1;
  const kindOf = (index: number): Kind =>
    index < compensatable ? 'compensatable' : index === pivotAt ? 'pivot' : 'retriable';
  const lock = tape.chance(12) ? drawLock(tape, isChild) : undefined;
  const options = { version: 1, ...(tape.chance(10) && { timeoutMs: 60_000 }), ...(lock && { lock }) };

  let builder = saga<unknown>(name, options) as unknown as UntypedBuilder;
  for (let first = 0; first < names.length;) {
    const kind = kindOf(first);
    const earlier = names.slice(0, first);
    if (!isChild && tape.chance(10)) {
      builder = builder.child(names[first]!, childSpec(tape, bugs, kind, names[first]!, earlier));
      first++;
      continue;
    }
    let next = first + 1;
    while (kind !== 'pivot' && next < names.length && kindOf(next) === kind && tape.chance(45)) next++;
    const specs = names.slice(first, next).map((name): [string, object] => {
      return [name, specOf(tape, bugs, kind, earlier)];
    });
    builder = specs.length === 1 ? builder.step(...specs[0]!) : builder.parallel(Object.fromEntries(specs));
    first = next;
  }
  return builder.end();
}

/** One or two keys, in no order, that some sagas share. A child's may sort before its parent's. */
function drawLock(tape: Tape, isChild: boolean): (input: unknown) => string[] {
  const mixed = tape.chance(50);
  if (isChild) return () => (mixed ? ['y'] : ['x']);
  return (input) => {
    const own = (input as Numbered).number % 2 ? ['x2', 'x1'] : ['x1', 'x2'];
    return mixed ? own : own.slice(0, 1);
  };
}

function specOf(tape: Tape, bugs: Bugs, kind: Kind, earlier: readonly string[]): object {
  const participant = tape.pick(PARTICIPANTS.length);
  const throwsFor = tape.chance(5) ? tape.pick(2) : -1;
  const fromTheBeginning = tape.chance(60);
  const payload = ({ input, results }: StepView) => {
    const isBroken = (fromTheBeginning || bugs.released) && !bugs.mended;
    if ((input as Numbered).number === throwsFor && isBroken) throw new Error('A bug in the definition');
    return { order: input, after: Object.fromEntries(earlier.map((name) => [name, results[name]])) };
  };
  return {
    action: TAKE[participant],
    payload,
    ...conditionOf(tape, earlier),
    ...(kind === 'compensatable' ? { compensation: GIVE_BACK[participant] } : { [kind]: true }),
  };
}

function childSpec(tape: Tape, bugs: Bugs, kind: Kind, name: string, earlier: readonly string[]): object {
  return {
    saga: draw(tape, bugs, `child-of-${name}`, ['u', 'v'], kind),
    input: ({ input }: StepView) => input,
    ...conditionOf(tape, earlier),
    ...(kind !== 'compensatable' && { [kind]: true }),
  };
}

/** On the input, or on whether an earlier step was skipped. */
function conditionOf(tape: Tape, earlier: readonly string[]): object {
  if (!tape.chance(10)) return {};
  const [salt, last] = [tape.pick(2), earlier.at(-1)];
  if (last !== undefined && tape.chance(50)) return { when: ({ results }: StepView) => last in results };
  return { when: ({ input }: StepView) => (input as Numbered).number % 2 === salt };
}

/** The names of the steps in the stages before a step's own. */
export function stepsBefore(definition: SagaDefinition, step: string): string[] {
  const stage = definition.stages.findIndex((members) => members.some(({ name }) => name === step));
  return stepsOf({ ...definition, stages: definition.stages.slice(0, stage) }).map(({ name }) => name);
}
