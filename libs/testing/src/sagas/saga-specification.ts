import type {
  CommandClass,
  Outcome,
  PayloadOf,
  ResultOf,
  SagaDefinition,
  SagaStatus,
  Failure,
  StepState,
} from '@clew/saga/core';
import type { PartOf } from './mismatch.js';

/** The steps of a definition; any text where its type doesn't know them. */
export type StepName<Results> = unknown extends Results ? string : keyof Results & string;

/** Which command is meant, where its class alone doesn't say. */
export interface Which<Results> {
  readonly step?: StepName<Results>;
  /** Counted from 1. */
  readonly attempt?: number;
  /** Grows when an operator retries after a recorded outcome. */
  readonly epoch?: number;
}

/** What a payload must be: some of its fields, or whatever a predicate says yes to. */
export type PayloadExpectation<C extends CommandClass> =
  PartOf<PayloadOf<C>> | ((payload: PayloadOf<C>) => boolean);

/** What a person can do about an instance. */
export type OperationOn<Results> =
  | { readonly action: 'retry' | 'skip'; readonly step: StepName<Results> }
  | { readonly action: 'mark-done'; readonly step: StepName<Results>; readonly result?: object }
  | { readonly action: 'compensate' | 'cancel' };

/**
 * An instance that has begun: what is expected of it, and what happens to it next. Every method throws an
 * `UnmetExpectation` when the saga does something else. Whatever was sent must have been expected before anything else
 * happens, and where it is said to end, to wait or to be at rest (`expectEnd`, `expectNothing`, `expectStatus`).
 */
export interface SagaSpecification<Results> {
  /** Exactly one command of this class was sent to carry a step out, and nobody has expected it yet. */
  expect<C extends CommandClass>(
    command: C,
    payload?: PayloadExpectation<C>,
    which?: Which<Results>,
  ): CommandSpecification<Results, C>;
  /** The same of a command that undoes a step. It carries nothing. */
  expectCompensation<C extends CommandClass>(
    command: C,
    which?: Which<Results>,
  ): CommandSpecification<Results, C>;
  /** A child saga was asked to begin, with this input. */
  expectChild<Input, ChildResults>(
    child: SagaDefinition<Input, ChildResults>,
    input?: PartOf<Input>,
    which?: Which<Results>,
  ): ChildSpecification<Results, ChildResults>;
  /** A child saga was asked to turn back, or not to begin. */
  expectChildUndone(child: SagaDefinition, which?: Which<Results>): ChildUndoSpecification<Results>;
  /** Nothing was sent since the last thing that happened; not even a command once more. */
  expectNothing(): SagaSpecification<Results>;

  /** Speaks again of a command that was expected before and still isn't answered. */
  to<C extends CommandClass>(command: C, which?: Which<Results>): CommandSpecification<Results, C>;
  /** Speaks of a command that is no longer waited for: an answer now is late, or comes twice. */
  late<C extends CommandClass>(command: C, which?: Which<Results>): LateSpecification<Results, C>;

  /** Lets time pass, in milliseconds. Every deadline that becomes due fires, in order, that of the whole saga too. */
  after(milliseconds: number): SagaSpecification<Results>;
  /** An operator acts, or a caller cancels; it must be accepted. */
  operator(operation: OperationOn<Results>): SagaSpecification<Results>;
  /** The caller cancels; it must be accepted. */
  cancel(): SagaSpecification<Results>;
  /** An operation is refused, with a sentence that this matches. */
  refuses(operation: OperationOn<Results>, because: RegExp): SagaSpecification<Results>;
  /** An operation is found to be done already or under way, with a sentence that this matches. */
  leavesUnchanged(operation: OperationOn<Results>, because: RegExp): SagaSpecification<Results>;

  /** It waits for this lock, and does nothing else. */
  expectLockRequest(key: string): SagaSpecification<Results>;
  /** The lock that it waits for is given to it. */
  acquires(key: string): SagaSpecification<Results>;
  /** The lease of a lock that it holds has ended, and somebody else has it now. */
  losesLock(key: string): SagaSpecification<Results>;

  /** The parent of a child saga (`startsAsChild`) turns back. */
  parentTurnsBack(): SagaSpecification<Results>;
  /** What a child saga has told its parent last. */
  expectAnswer(outcome: PartOf<Outcome>): SagaSpecification<Results>;

  expectStatus(status: SagaStatus): SagaSpecification<Results>;
  /** A look at one step; commands that are still to be expected don't matter. `more` names parts of its state. */
  expectStep(step: StepName<Results>, status: StepState['status'], more?: object): SagaSpecification<Results>;
  expectEnd(
    status: 'COMPLETED' | 'COMPENSATED',
    more?: { readonly failure?: PartOf<Failure> },
  ): SagaSpecification<Results>;
  /** What has happened so far, an event a line. */
  readonly history: readonly string[];
}

/** The reply to a command. One without fields needn't be given. */
export type ReplyTo<C extends CommandClass> =
  Record<never, never> extends ResultOf<C> ? [result?: ResultOf<C>] : [result: ResultOf<C>];

/** A command that comes to nothing new: what follows from its answer, if anything, is to be expected as ever. */
export interface LateSpecification<Results, C extends CommandClass> {
  reply(...[result]: ReplyTo<C>): SagaSpecification<Results>;
  reject(code: string, message?: string): SagaSpecification<Results>;
}

/** A command that waits for its answer. */
export interface CommandSpecification<Results, C extends CommandClass>
  extends SagaSpecification<Results>, LateSpecification<Results, C>, Silence {
  /** The same as `expect`, for commands that are sent side by side. */
  and<Other extends CommandClass>(
    command: Other,
    payload?: PayloadExpectation<Other>,
    which?: Which<Results>,
  ): CommandSpecification<Results, Other>;
}

export interface Silence {
  /**
   * Nobody answers this attempt: time passes to its deadline. If the saga asks again, under the same id, that needn't be
   * expected, but may be (`{ attempt: 2 }`).
   */
  timeOut(): this;
  /** Nobody answers any attempt. Throws when the saga never gives this command up. */
  staysSilent(): this;
}

/** A child saga that was asked to begin. */
export interface ChildSpecification<Results, ChildResults> extends SagaSpecification<Results>, Silence {
  /** It is COMPLETED, with these results of its steps. */
  completes(results: ChildResults): SagaSpecification<Results>;
  /** It is COMPENSATED, for this reason. */
  isRefused(code: string, message?: string): SagaSpecification<Results>;
}

/** A child saga that was asked to turn back. */
export interface ChildUndoSpecification<Results> extends SagaSpecification<Results>, Silence {
  /** Nothing of it is left. */
  isUndone(): SagaSpecification<Results>;
}
