/**
 * The core under inputs of any kind in any order, also such as no honest participant would send: replies to what was
 * never asked, a "done" after a "refused". Repeat a run with `CLEW_SEED=<seed>`.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from './decide.js';
import { DEFAULT_POLICIES, signatureOf, stepNamed, stepsOf, type SagaDefinition } from './definition.js';
import { effectsOf, type Command, type Timer } from './effects.js';
import type { SagaEvent } from './events.js';
import { evolveAll } from './evolve.js';
import type { SagaInput } from './inputs.js';
import { drawDefinition } from './simulation/draw-definition.js';
import { Tape } from './simulation/tape.js';
import { hasEnded, pendingCommand, type SagaState } from './state.js';

const [givenSeed] = (process.env['CLEW_SEED'] ?? '').split(':');
const seed = givenSeed ? Number(givenSeed) : Date.now() % 2 ** 31;
const settings = { seed, numRuns: 1_500, unbiased: true };

const POLICIES = {
  action: { ...DEFAULT_POLICIES.action, attempts: 2 },
  compensation: { ...DEFAULT_POLICIES.compensation, attempts: 2 },
};
const start: SagaInput = { type: 'start', input: { number: 1 } };

const definitions = fc.array(fc.nat(65_535), { minLength: 30, maxLength: 30, size: 'max' }).map((numbers) => {
  const definition = drawDefinition(new Tape(numbers));
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
  let state = before.state;
  const events: SagaEvent[] = [];
  for (const input of inputs) {
    const more = decide(definition, state, input, POLICIES);
    events.push(...more);
    state = evolveAll(state, more);
  }
  if (!state) return before;
  const effects = effectsOf(definition, state, events, POLICIES);
  const deadlines = new Map(before.deadlines);
  for (const [step, timer] of effects.timers) {
    if (timer) deadlines.set(step, timer);
    else deadlines.delete(step);
  }
  return {
    state,
    events: [...before.events, ...events],
    commands: [...before.commands, ...effects.commands],
    deadlines,
  };
}

/** The first step whose deadline isn't the one of what it awaits. */
function mismatch(definition: SagaDefinition, { state, deadlines }: Told): string | undefined {
  const keyOf = (key: Omit<Timer, 'afterMs'> | undefined) =>
    key && `${key.step}/${key.direction}/${key.epoch}#${key.attempt}`;
  return stepsOf(definition)
    .map(({ name }) => name)
    .find((name) => keyOf(state && pendingCommand(state, name)) !== keyOf(deadlines.get(name)));
}

/** Whether an input is about a command that these inputs bring about: nobody can have answered it yet. */
function answersTooEarly(input: SagaInput, before: Told, after: Told): boolean {
  if (input.type === 'start') return false;
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
    const [awaited] = told.deadlines.values();
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
        const isGivenUp = ({ step }: Timer) => stepNamed(definition, step).kind === 'compensatable';
        const ended = goOn(definition, inputs, (awaited) => {
          const { step, direction, epoch, attempt } = awaited;
          return isGivenUp(awaited) && { type: 'deadline', command: { step, direction, epoch }, attempt };
        });
        const [left] = ended.deadlines.values();
        if (left) expect(isGivenUp(left)).toBe(false);
        else expect(['COMPLETED', 'COMPENSATED', 'STUCK']).toContain(ended.state?.status);
      }),
      settings,
    );
  });
});
