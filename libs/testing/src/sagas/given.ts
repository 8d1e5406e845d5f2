import {
  choreographyFlaw,
  DEFAULT_POLICIES,
  type Direction,
  type Parent,
  type Policy,
  type SagaDefinition,
} from '@clew/saga/core';
import { ChoreographedRun } from './choreographed-run.js';
import { differenceOf } from './coordinated-alike.js';
import { PlayedSpecification } from './played-specification.js';
import { SagaRun } from './saga-run.js';
import type { SagaSpecification } from './saga-specification.js';
import { UnmetExpectation } from './unmet-expectation.js';

export interface GivenOptions {
  /** What holds where a step has no policy of its own, as far as it differs from the defaults. */
  readonly policies?: Readonly<Partial<Record<Direction, Partial<Policy>>>>;
  /**
   * Who moves the saga on. By default it is an orchestrator, and if the definition can be choreographed, the participants must
   * be made to do the same by themselves, after everything that happens.
   */
  readonly coordination?: 'orchestration' | 'choreography';
}

/** A saga that hasn't begun. */
export interface GivenSaga<Input, Results> {
  /** Begins an instance. Throws what the definition's own code throws when it is asked for locks. */
  starts(input: Input): SagaSpecification<Results>;
  /** Begins it as a step of another saga, which holds these locks. */
  startsAsChild(input: Input, locks?: readonly string[]): SagaSpecification<Results>;
}

const PARENT: Parent = {
  sagaId: '00000000-0000-4000-8000-000000000000',
  saga: 'parent',
  step: 'child',
  epoch: 0,
  replyTo: 'replies',
};

/**
 * Opens the specification of a saga. It is played as it is written, on a clock that only the specification moves, without
 * jitter, and can't be branched: let a function return a beginning that several specifications share.
 */
export function given<Input, Results>(
  definition: SagaDefinition<Input, Results>,
  { policies = {}, coordination }: GivenOptions = {},
): GivenSaga<Input, Results> {
  const { action, compensation } = DEFAULT_POLICIES;
  const all = {
    action: { ...action, ...policies.action },
    compensation: { ...compensation, ...policies.compensation },
  };
  const flaw = choreographyFlaw(definition);
  if (flaw && coordination === 'choreography')
    throw new Error(`Saga ${definition.name} can't be choreographed: ${flaw}`);
  const begin = (input: Input, parent?: Parent) => {
    const isChoreographed = coordination === 'choreography' && !parent;
    const run = isChoreographed ? new ChoreographedRun(definition, all) : new SagaRun(definition, all);
    if (!coordination && !flaw && !parent) mirror(run, new ChoreographedRun(definition, all));
    run.take({ type: 'start', input, ...(parent && { parent }) });
    return new PlayedSpecification<Results>(run);
  };
  return {
    starts: (input) => begin(input),
    startsAsChild: (input, locks = []) => begin(input, { ...PARENT, ...(locks.length > 0 && { locks }) }),
  };
}

/** Whatever happens to a run happens to a choreographed one, too, and both have to come to the same. */
function mirror(run: SagaRun, choreographed: ChoreographedRun): void {
  run.whenTaken = (input) => {
    choreographed.take(input);
    const difference = differenceOf(run, choreographed);
    if (difference) throw new UnmetExpectation(`The coordinations differ: ${difference}`, run);
  };
}
