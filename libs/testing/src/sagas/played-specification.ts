import {
  stepState,
  type CommandClass,
  type SagaDefinition,
  type SagaStatus,
  type Verdict,
} from '@clew/saga/core';
import { eventInWords } from './event-in-words.js';
import { mismatch } from './mismatch.js';
import { PlayedHappenings } from './played-happenings.js';
import type {
  ChildSpecification,
  ChildUndoSpecification,
  CommandSpecification,
  LateSpecification,
  OperationOn,
  PayloadExpectation,
  SagaSpecification,
  Which,
} from './saga-specification.js';
import { checkPayload, findAwaited, findLate, findUnexpected, type Wanted } from './sent-commands.js';
import { inWords } from './unmet-expectation.js';

/**
 * The half of a specification that says what is expected. It is one object for every kind of `SagaSpecification`: which
 * of them the compiler sees follows from what was last spoken of.
 */
export class PlayedSpecification<Results>
  extends PlayedHappenings<Results>
  implements SagaSpecification<Results>
{
  get history(): readonly string[] {
    return this.run.history.map(eventInWords);
  }

  expect<C extends CommandClass>(command: C, payload?: PayloadExpectation<C>, which?: Which<Results>) {
    const wanted: Wanted = { ...named(command), direction: 'action', ...which };
    return this.expectSent<CommandSpecification<Results, C>>(wanted, payload);
  }

  and<C extends CommandClass>(command: C, payload?: PayloadExpectation<C>, which?: Which<Results>) {
    return this.expect(command, payload, which);
  }

  expectCompensation<C extends CommandClass>(command: C, which?: Which<Results>) {
    const wanted: Wanted = { ...named(command), direction: 'compensation', ...which };
    return this.expectSent<CommandSpecification<Results, C>>(wanted);
  }

  expectChild<Input, ChildResults>(
    child: SagaDefinition<Input, ChildResults>,
    input?: unknown,
    which?: Which<Results>,
  ) {
    const wanted: Wanted = { ...namedChild(child), direction: 'action', ...which };
    const payload = input === undefined ? undefined : { input };
    return this.expectSent<ChildSpecification<Results, ChildResults>>(wanted, payload);
  }

  expectChildUndone(child: SagaDefinition, which?: Which<Results>) {
    const wanted: Wanted = { ...namedChild(child), direction: 'compensation', ...which };
    return this.expectSent<ChildUndoSpecification<Results>>(wanted);
  }

  expectNothing(): this {
    const sent = this.run.sent.filter(({ mark }) => mark !== 'expected');
    if (sent.length === 0) return this;
    throw this.unmet(`Expected nothing to be sent, but ${sent.map(inWords).join(', ')} was`);
  }

  to<C extends CommandClass>(command: C, which?: Which<Results>) {
    const found = findAwaited(this.run, { ...named(command), ...which });
    return this.speakOf<CommandSpecification<Results, C>>(found);
  }

  late<C extends CommandClass>(command: C, which?: Which<Results>) {
    const found = findLate(this.run, { ...named(command), ...which });
    return this.speakOf<LateSpecification<Results, C>>(found, true);
  }

  refuses(operation: OperationOn<Results>, because: RegExp): this {
    return this.expectVerdict('refused', operation, because);
  }

  leavesUnchanged(operation: OperationOn<Results>, because: RegExp): this {
    return this.expectVerdict('unchanged', operation, because);
  }

  expectLockRequest(key: string): this {
    const { awaitedLock } = this.run;
    if (awaitedLock === key) return this;
    const instead = awaitedLock === undefined ? 'none' : `"${awaitedLock}"`;
    throw this.unmet(`Expected the saga to wait for the lock "${key}", but it waits for ${instead}`);
  }

  expectAnswer(outcome: object): this {
    const flaw = mismatch(this.run.answers.at(-1)?.outcome, outcome, 'the answer');
    if (flaw) throw this.unmet(`Expected another answer to the parent: ${flaw}`);
    return this;
  }

  expectStatus(status: SagaStatus): this {
    this.proceed(`the saga is ${status}`);
    if (this.state.status === status) return this;
    throw this.unmet(`Expected the saga to be ${status}, but it is ${this.state.status}`);
  }

  expectStep(step: string, status: string, more: object = {}): this {
    const { name, stages } = this.run.definition;
    if (!stages.flat().some((candidate) => candidate.name === step))
      throw this.unmet(`Saga ${name} has no step "${step}"`);
    const flaw = mismatch(stepState(this.state, step), { status, ...more }, `step "${step}"`);
    if (flaw) throw this.unmet(`Expected step "${step}" to be ${status}, but ${flaw}`);
    return this;
  }

  expectEnd(status: 'COMPLETED' | 'COMPENSATED', { failure }: { readonly failure?: object } = {}): this {
    this.expectStatus(status);
    const flaw = failure && mismatch(this.state.failure, failure, 'its failure');
    if (flaw) throw this.unmet(`Expected the saga to end for another reason: ${flaw}`);
    return this;
  }

  private expectSent<Kind>(wanted: Wanted, payload?: unknown): Kind {
    const found = findUnexpected(this.run, wanted);
    checkPayload(this.run, found, wanted, payload);
    found.mark = 'expected';
    return this.speakOf<Kind>(found);
  }

  private expectVerdict(kind: Verdict['kind'], operation: OperationOn<Results>, because: RegExp): this {
    const verdict = this.judge(operation);
    const reason = verdict.kind === 'accepted' ? 'nothing speaks against it' : verdict.because;
    if (verdict.kind === kind && because.test(reason)) return this;
    const found = `it is ${verdict.kind}: ${reason}`;
    throw this.unmet(`Expected "${operation.action}" to be ${kind} for ${String(because)}, but ${found}`);
  }
}

function named(command: CommandClass): Wanted {
  return { name: `${command.name} (${command.type})`, type: command.type };
}

function namedChild(child: SagaDefinition): Wanted {
  return { name: `child saga ${child.name} v${child.version}`, child };
}
