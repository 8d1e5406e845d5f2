/**
 * The core under inputs of any kind in any order, also such as no honest participant would send: replies to what was
 * never asked, a "done" after a "refused". Repeat a run with `CLEW_SEED=<seed>`.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decide,
  DEFAULT_POLICIES,
  effectsOf,
  evolveAll,
  hasEnded,
  isGivenUp as mayBeGivenUp,
  pendingCommand,
  signatureOf,
  stepNamed,
  stepsOf,
  WHOLE_SAGA,
  type Command,
  type SagaDefinition,
  type SagaEvent,
  type SagaInput,
  type SagaState,
  type Timer,
} from '@clew/saga/core';
import { drawDefinition } from './draw-definition.js';
import { Tape } from './tape.js';

const [givenSeed] = (process.env['CLEW_SEED'] ?? '').split(':');
const seed = givenSeed ? Number(givenSeed) : Date.now() % 2 ** 31;
const settings = { seed, numRuns: 1_500, unbiased: true };

const POLICIES = {
  action: { ...DEFAULT_POLICIES.action, attempts: 2 },
  compensation: { ...DEFAULT_POLICIES.compensation, attempts: 2 },
};
const start: SagaInput = { type: 'start', input: { number: 1 } };

const definitions = fc.array(fc.nat(65_535), { minLength: 80, maxLength: 80, size: 'max' }).map((numbers) => {
  const { definition } = drawDefinition(new Tape(numbers));
  return Object.assign(definition, { [fc.toStringMethod]: () => signatureOf(definition) });
});

const commands = fc.record({
  step: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  direction: fc.constantFrom('action' as const, 'compensation' as const),
  epoch: fc.constantFrom(0, 0, 0, 1),
});
const outcomes = fc.constantFrom(
  { kind: 'done' as const, result: { id: 'r' } },
  { kind: 'done' as const, result: { id: 'another' } },
  { kind: 'rejected' as const, rejection: { code: 'NO', message: 'No' } },
);
const anyOperation: fc.Arbitrary<SagaInput> = fc
  .record({
    action: fc.constantFrom('retry' as const, 'skip' as const, 'mark-done' as const, 'cancel' as const),
    step: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'nowhere'),
  })
  .map(({ action, step }) => ({
    type: 'operation',
    operation: action === 'cancel' ? { action } : { action, step },
    actor: 'ada',
    reason: 'because',
  }));
const anyInput: fc.Arbitrary<SagaInput> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(start) },
  {
    weight: 9,
    arbitrary: fc.record({ type: fc.constant('reply' as const), command: commands, outcome: outcomes }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      type: fc.constant('deadline' as const),
      command: commands,
      attempt: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('lock' as const),
      key: fc.constantFrom('x1', 'x2'),
      change: fc.constantFrom('acquired' as const, 'acquired' as const, 'lost' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'saga-deadline' as const }) },
  { weight: 2, arbitrary: anyOperation },
);
const anyInputs = fc.array(anyInput, { maxLength: 120, size: 'max' }).map((inputs) => [start, ...inputs]);

interface Told {
  readonly state: SagaState | undefined;
  readonly events: readonly SagaEvent[];
  readonly commands: readonly Command[];
  readonly deadlines: ReadonlyMap<string, Timer>;
}
const NOTHING: Told = { state: undefined, events: [], commands: [], deadlines: new Map() };

/** Folds inputs into one write. */
function fold(definition: SagaDefinition, before: Told, inputs: readonly SagaInput[]): Told {
  let { state } = before;
  const events = [...before.events];
  const commands = [...before.commands];
  const deadlines = new Map(before.deadlines);
  for (const input of inputs) {
    const more = decide(definition, state, input, POLICIES);
    state = evolveAll(state, more);
    if (!state) continue;
    const effects = effectsOf(definition, state, more, POLICIES);
    events.push(...more);
    commands.push(...effects.commands);
    for (const [step, timer] of effects.timers) {
      if (timer) deadlines.set(step, timer);
      else deadlines.delete(step);
    }
  }
  return { state, events, commands, deadlines };
}

/** The first step whose deadline isn't the one of what it awaits. */
function mismatch(definition: SagaDefinition, { state, deadlines }: Told): string | undefined {
  const keyOf = (key: Omit<Timer, 'afterMs' | 'jitter'> | undefined) =>
    key && `${key.step}/${key.direction}/${key.epoch}#${key.attempt}`;
  return stepsOf(definition)
    .map(({ name }) => name)
    .find((name) => keyOf(state && pendingCommand(state, name)) !== keyOf(deadlines.get(name)));
}

/** Whether an input is about a command that these inputs bring about: nobody can have answered it yet. */
function answersTooEarly(input: SagaInput, before: Told, after: Told): boolean {
  if (input.type !== 'reply' && input.type !== 'deadline') return false;
  const { step, direction } = input.command;
  return after.commands
    .slice(before.commands.length)
    .some((command) => command.step === step && command.direction === direction && command.attempt === 1);
}

/** Gives the inputs, then the next ones while something is awaited: at most 200, far more than six steps can need. */
function goOn(
  definition: SagaDefinition,
  inputs: readonly SagaInput[],
  next: (awaited: Timer, round: number) => SagaInput | false,
): Told {
  let told = inputs.reduce((before, input) => fold(definition, before, [input]), NOTHING);
  for (let round = 0; round < 200; round++) {
    const { locks } = told.state ?? {};
    if (locks?.waiting) {
      told = fold(definition, told, [{ type: 'lock', key: locks.keys[locks.taken]!, change: 'acquired' }]);
      continue;
    }
    const awaited = [...told.deadlines.values()].find(({ step }) => step !== WHOLE_SAGA);
    const input = awaited && next(awaited, round);
    if (!input) return told;
    told = fold(definition, told, [input]);
  }
  return told;
}

describe('whatever comes in, in any order', () => {
  it('neither throws nor changes an end state, and what is awaited has a deadline', () => {
    fc.assert(
      fc.property(definitions, anyInputs, (definition, inputs) => {
        let told = NOTHING;
        for (const input of inputs) {
          const before = told;
          told = fold(definition, before, [input]);
          if (before.state && hasEnded(before.state) && told.state !== before.state)
            throw new Error('It went on');
          if (mismatch(definition, told))
            throw new Error(`The deadline of ${mismatch(definition, told)} is wrong`);
        }
        expect(evolveAll(undefined, told.events)).toEqual(told.state);
      }),
      settings,
    );
  });

  it('one write for many inputs, replies before deadlines, tells the world the same as one write for each', () => {
    fc.assert(
      fc.property(definitions, anyInputs, fc.nat(5), (definition, inputs, most) => {
        let [inBatches, oneByOne] = [NOTHING, NOTHING];
        const write = (batch: readonly SagaInput[]) => {
          inBatches = fold(definition, inBatches, batch);
          for (const input of batch) oneByOne = fold(definition, oneByOne, [input]);
        };
        let batch: SagaInput[] = [];
        for (const input of inputs) {
          if (batch.length > most || answersTooEarly(input, inBatches, fold(definition, inBatches, batch))) {
            write(batch);
            batch = [];
          }
          batch = [...batch, input].sort(
            (a, b) => Number(a.type === 'deadline') - Number(b.type === 'deadline'),
          );
        }
        write(batch);
        expect(inBatches).toEqual(oneByOne);
      }),
      settings,
    );
  });

  it('ends when everything that is still awaited is answered', () => {
    fc.assert(
      fc.property(
        definitions,
        anyInputs,
        fc.array(outcomes, { minLength: 1 }),
        (definition, inputs, answers) => {
          const ended = goOn(definition, inputs, ({ step, direction, epoch }, round) => {
            const outcome = answers[round % answers.length]!;
            return { type: 'reply', command: { step, direction, epoch }, outcome };
          });
          expect(['COMPLETED', 'COMPENSATED', 'STUCK']).toContain(ended.state?.status);
        },
      ),
      settings,
    );
  });

  it('ends under lasting silence, unless a pivot or a retriable step is asked for', () => {
    fc.assert(
      fc.property(definitions, anyInputs, (definition, inputs) => {
        const isGivenUp = ({ step, direction }: Timer) =>
          direction === 'compensation' || mayBeGivenUp(stepNamed(definition, step));
        const ended = goOn(definition, inputs, (awaited) => {
          const { step, direction, epoch, attempt } = awaited;
          return isGivenUp(awaited) && { type: 'deadline', command: { step, direction, epoch }, attempt };
        });
        const left = [...ended.deadlines.values()].find(({ step }) => step !== WHOLE_SAGA);
        if (left) expect(isGivenUp(left)).toBe(false);
        else expect(['COMPLETED', 'COMPENSATED', 'STUCK']).toContain(ended.state?.status);
      }),
      settings,
    );
  });
});
