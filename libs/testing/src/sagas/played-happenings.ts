import {
  judgeOperation,
  type Command,
  type Operation,
  type Outcome,
  type SagaInput,
  type SagaState,
  type Verdict,
} from '@clew/saga/core';
import type { SagaRun, SentCommand } from './saga-run.js';
import type { OperationOn } from './saga-specification.js';
import { inWords, UnmetExpectation } from './unmet-expectation.js';

/** More attempts than any step that is given up is asked in: beyond them it is asked for ever. */
const ENOUGH = 1_000;

const BY_ADA = { actor: 'ada', reason: 'because' };

/** The half of a specification that makes things happen to a run. Each of them first wants to have heard of all that was sent. */
export abstract class PlayedHappenings<Results> {
  private current: SentCommand | undefined;
  private isLate = false;

  constructor(protected readonly run: SagaRun) {}

  reply(result: object = {}): this {
    return this.answer({ kind: 'done', result });
  }

  reject(code: string, message = code): this {
    return this.answer({ kind: 'rejected', rejection: { code, message } });
  }

  completes(results: object): this {
    return this.reply({ results });
  }

  isRefused(code: string, message?: string): this {
    return this.reject(code, message);
  }

  isUndone(): this {
    return this.reply();
  }

  timeOut(): this {
    this.run.passDeadlineOf(this.awaited('times out').step);
    return this;
  }

  staysSilent(): this {
    for (let attempts = 0; attempts < ENOUGH; attempts++) {
      this.timeOut();
      if (!this.run.isAwaited(this.spokenOf)) return this;
    }
    throw this.unmet(`${inWords(this.spokenOf)} is asked for ever: its silence has no end`);
  }

  after(milliseconds: number): this {
    this.proceed('time passes');
    this.run.passTime(milliseconds);
    return this;
  }

  operator(operation: OperationOn<Results>): this {
    this.proceed(`"${operation.action}"`);
    const verdict = this.judge(operation);
    if (verdict.kind === 'accepted')
      return this.take({ type: 'operation', operation: operation as Operation, ...BY_ADA });
    throw this.unmet(
      `Expected "${operation.action}" to be accepted, but it is ${verdict.kind}: ${verdict.because}`,
    );
  }

  cancel(): this {
    return this.operator({ action: 'cancel' });
  }

  acquires(key: string): this {
    this.proceed(`the lock "${key}" is acquired`);
    return this.takeNotInVain({ type: 'lock', key, change: 'acquired' }, `wait for the lock "${key}"`);
  }

  losesLock(key: string): this {
    this.proceed(`the lock "${key}" is lost`);
    return this.takeNotInVain({ type: 'lock', key, change: 'lost' }, `hold the lock "${key}"`);
  }

  parentTurnsBack(): this {
    this.proceed('the parent turns back');
    const { parent } = this.state;
    if (!parent) throw this.unmet('The saga has no parent: begin it with startsAsChild');
    return this.take({ type: 'undo', parent: { ...parent, undoEpoch: 0 } });
  }

  protected get state(): SagaState {
    return this.run.state!;
  }

  protected get spokenOf(): SentCommand {
    if (!this.current) throw this.unmet('No command has been spoken of yet');
    return this.current;
  }

  /** Which of the kinds of specification that is, its caller knows. */
  protected speakOf<Kind>(command: SentCommand, isLate = false): Kind {
    this.current = command;
    this.isLate = isLate;
    return this as unknown as Kind;
  }

  /** Nothing may happen, nor be said of the whole, while something was sent that nobody has expected. */
  protected proceed(next: string): void {
    const unexpected = this.run.sent.filter(({ mark }) => mark === 'new');
    if (unexpected.length > 0)
      throw this.unmet(
        `Nobody expected ${unexpected.map(inWords).join(', ')}, which was sent before ${next}`,
      );
    for (const sent of this.run.sent) sent.mark = 'expected';
  }

  protected judge(operation: OperationOn<Results>): Verdict {
    const input = { type: 'operation', operation: operation as Operation, ...BY_ADA } as const;
    return judgeOperation(this.run.definition, this.state, input);
  }

  protected unmet(what: string): UnmetExpectation {
    return new UnmetExpectation(what, this.run);
  }

  private answer(outcome: Outcome): this {
    const command = this.isLate ? this.spokenOf.command : this.awaited('is answered');
    this.proceed(`${command.type} is answered`);
    return this.take({ type: 'reply', command, outcome });
  }

  /** The command that was spoken of, which must still be waited for. */
  private awaited(happening: string): Command {
    const { command } = this.spokenOf;
    this.proceed(`${command.type} ${happening}`);
    if (this.run.isAwaited(this.spokenOf)) return command;
    throw this.unmet(
      `${inWords(this.spokenOf)} ${happening} when nobody waits for it any more: say late() first`,
    );
  }

  private take(input: SagaInput): this {
    this.run.take(input);
    return this;
  }

  private takeNotInVain(input: SagaInput, expected: string): this {
    const before = this.run.history.length;
    this.run.take(input);
    if (this.run.history.length === before)
      throw this.unmet(`Expected the saga to ${expected}, but it does not`);
    return this;
  }
}
