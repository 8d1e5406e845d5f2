import { MicroBatcher } from '@clew/batch';
import { failpoint } from '@clew/failpoint';
import { isTransient, type Relay } from '@clew/outbox';
import { commandId, findStep } from './core/index.js';
import type { DefinitionRegistry } from './definition-registry.js';
import {
  ForeignReply,
  SagaUnavailable,
  StartKeyTaken,
  UnknownSaga,
  UnregisteredDefinition,
  WrongSender,
} from './errors.js';
import type { StandingInstance } from './recent-instances.js';
import type { DueDeadline, SagaStore } from './saga-store.js';
import { checkSender, type Senders } from './senders.js';
import type { Fold, Folded, Transition } from './transition.js';
import { deadlineOf, groupBySaga, type Settled, type Work } from './work.js';

/** `since` is when it was submitted, in this process's time. */
type Waiting = Work & { readonly since: number };

export interface EngineOptions {
  /** What becomes of an instance by its inputs. */
  readonly fold: Fold;
  /** Inputs handled in one transaction at the most. */
  readonly batchSize: number;
  /** Milliseconds that what is urgent waits for a database that is away or silent before it is refused. */
  readonly patienceMs: number;
  /** Whose replies count, where that is to be looked at. */
  readonly senders?: Senders;
  /** Called after a commit, with the instances that were written. */
  readonly onCommitted?: (ids: Iterable<string>) => void;
  /** Called after a commit in which a lock was asked for or given up. */
  readonly onLocksChanged?: () => void;
}

interface Logger {
  warn(message: string): void;
  error(message: string): void;
}

/** Rerun when another orchestrator was faster: each time somebody has moved on, so this is far more than it takes. */
const MOST_RACES = 100;

/**
 * The one door into the saga core: starts, replies, deadlines and what people do are folded in batches, many instances a transaction.
 *
 * An input is settled only after its transition is committed. A transient fault (the database is away, a deadlock) is
 * retried with backoff for as long as it takes; an input that trips over a bug fails alone.
 */
export class SagaEngine {
  private readonly batcher: MicroBatcher<Waiting>;
  private stopped = false;

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: SagaStore,
    private readonly relay: Relay,
    private readonly options: EngineOptions,
    private readonly logger: Logger,
  ) {
    this.batcher = new MicroBatcher((batch) => this.handleInTime(batch), options.batchSize);
  }

  /** Inputs that wait for their turn. */
  get waiting(): number {
    return this.batcher.size;
  }

  submit(work: Work): void {
    if (this.stopped) return work.settle(new SagaUnavailable(new Error('The engine has stopped')));
    let isSettled = false;
    const settle: Work['settle'] = (...outcome) => {
      if (!isSettled) work.settle(...outcome);
      isSettled = true;
    };
    this.batcher.add({ ...work, settle, since: Date.now() });
  }

  /** Submits an input, and resolves with what became of it. Rejects when it can never be handled. */
  handled(work: Omit<Work, 'settle'>): Promise<Settled> {
    return new Promise((resolve, reject) =>
      this.submit({
        ...work,
        settle: (error, settled) => (error ? reject(error) : resolve(settled ?? {})),
      }),
    );
  }

  /** Finishes what was submitted, unless the database is away. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.batcher.idle();
  }

  /**
   * A database that says nothing gives no error to retry after: whoever is in a hurry is refused beside it. What waits was not
   * begun; what the database has in hand may yet be done, so it is given half as much time again. Never rejects.
   */
  private async handleInTime(batch: readonly Waiting[]): Promise<void> {
    const { patienceMs } = this.options;
    const begunAt = Date.now();
    const isLate = (work: Waiting) => this.hasWaitedTooLong(work);
    const watch = setInterval(() => {
      const inHand = Date.now() - begunAt < patienceMs / 2 ? [] : batch.filter(isLate);
      for (const { settle } of [...inHand, ...this.batcher.withdraw(isLate)])
        settle(new SagaUnavailable(new Error('The database says nothing')));
    }, patienceMs / 10);
    await this.handle(batch);
    clearInterval(watch);
  }

  /** Never rejects. */
  private async handle(batch: readonly Waiting[]): Promise<void> {
    let rest = batch;
    for (let failures = 0; rest.length > 0; failures++) {
      try {
        return await this.process(rest, failures > 0);
      } catch (error) {
        if (!isTransient(error)) return this.handleAlone(rest, error);
        if (failures === 0)
          this.logger.warn(`A batch of ${rest.length} inputs waits for the database: ${String(error)}`);
        // Looked at once: who is refused and who is tried again has to be told by the same time.
        const isRefused = (work: Waiting) => this.stopped || this.hasWaitedTooLong(work);
        const refused = new Set([...rest.filter(isRefused), ...this.batcher.withdraw(isRefused)]);
        rest = rest.filter((work) => !refused.has(work));
        for (const { settle } of refused) settle(new SagaUnavailable(error));
        if (rest.length > 0) await backoff(failures);
      }
    }
  }

  /** Replies and deadlines have time. */
  private hasWaitedTooLong({ isUrgent, since }: Waiting): boolean {
    return isUrgent === true && Date.now() - since >= this.options.patienceMs;
  }

  /** Something in the batch can't be written: whoever is at fault fails, the others don't. */
  private async handleAlone(
    batch: readonly (Work & { readonly since: number })[],
    error: unknown,
  ): Promise<void> {
    const [only] = batch;
    if (batch.length === 1 && only) {
      this.logger.error(`Saga ${only.sagaId}: an input can't be handled: ${describe(error)}`);
      return only.settle(error instanceof Error ? error : new Error(String(error)));
    }
    for (const work of batch) await this.handle([work]);
  }

  private async process(batch: readonly Work[], reload: boolean): Promise<void> {
    let rest = groupBySaga(batch);
    const apart: Work[] = [];
    for (let races = 0; rest.size > 0; races++) {
      if (races === MOST_RACES)
        throw new Error(`${rest.size} sagas were changed by others ${MOST_RACES} times in a row`);
      rest = await this.attempt(rest, reload || races > 0, apart);
    }
    for (const work of apart) await this.process([work], true);
  }

  /**
   * One transaction. Gives the inputs back whose instances were changed by somebody else meanwhile. An input that changes
   * nothing as the instance was read is over with: whatever has an answer was committed before it was asked for, and what
   * is told ahead of its time is asked for again. Inputs of one instance
   * of which some can't be handled are put `apart`, to be handled one by one.
   */
  private async attempt(
    groups: Map<string, Work[]>,
    reload: boolean,
    apart: Work[],
  ): Promise<Map<string, Work[]>> {
    const folds = new Map<string, Folded>();
    const unread = new Map<string, Work[]>();
    for (const [sagaId, works] of groups) {
      const folded = reload ? undefined : this.decideFromMemory(sagaId, works);
      if (folded) folds.set(sagaId, folded);
      else unread.set(sagaId, works);
    }
    const known = await this.store.load(
      [...unread].filter(([, works]) => reload || !isNew(works)).map(([id]) => id),
    );
    const stale: DueDeadline[] = [];
    for (const [sagaId, works] of unread) {
      try {
        const folded = this.decideOn(sagaId, known.get(sagaId), works);
        folds.set(sagaId, folded);
        if (!folded.transition) stale.push(...works.flatMap(deadlineOf));
      } catch (error) {
        const [work, ...others] = works;
        if (others.length > 0) apart.push(...works);
        else if (work) this.fail(work, error, stale);
      }
    }
    const transitions = [...folds.values()].flatMap(({ transition }) => transition ?? []);
    const won = await this.commit(transitions, stale);
    if (won.size > 0) failpoint('orchestrator.committed');
    this.relay.publish([...won.keys()].flatMap((id) => folds.get(id)?.transition?.messages ?? []));
    this.options.onCommitted?.(won.keys());
    if (transitions.some(({ locks }) => locks.release || locks.request.length > 0))
      this.options.onLocksChanged?.();
    const lost = new Map<string, Work[]>();
    for (const [sagaId, { transition, verdicts }] of folds) {
      const works = groups.get(sagaId) ?? [];
      const at = won.get(sagaId);
      if (transition && !at) {
        if (transition.opening?.key) for (const { settle } of works) settle(new StartKeyTaken());
        else lost.set(sagaId, works);
        continue;
      }
      const state = transition?.state ?? known.get(sagaId)?.state;
      for (const { settle, input } of works) {
        const verdict = verdicts.get(input);
        settle(undefined, {
          ...(transition && { transition }),
          ...(at && { at }),
          ...(state && { state }),
          ...(verdict && { verdict }),
        });
      }
    }
    return lost;
  }

  /** An input that can never be handled. */
  private fail(work: Work, error: unknown, stale: DueDeadline[]): void {
    if (error instanceof UnknownSaga) stale.push(...deadlineOf(work));
    else if (!(error instanceof ForeignReply || error instanceof WrongSender))
      this.logger.error(`Saga ${work.sagaId}: ${describe(error)}`);
    work.settle(error instanceof Error ? error : new Error(String(error)));
  }

  /**
   * What follows for an instance as this process last wrote it, if something does: it is written only if nobody has moved the
   * instance on since. That nothing follows, or that an input can't be handled, may be because somebody has.
   */
  private decideFromMemory(sagaId: string, works: readonly Work[]): Folded | undefined {
    const instance = this.store.recall(sagaId);
    if (!instance) return undefined;
    try {
      const folded = this.decideOn(sagaId, instance, works);
      return folded.transition && folded;
    } catch {
      return undefined;
    }
  }

  private decideOn(sagaId: string, instance: StandingInstance | undefined, works: readonly Work[]): Folded {
    const begins = works.find(({ begins }) => begins)?.begins;
    const registered = instance ? this.registry.find(instance.saga, instance.version) : begins;
    if (!registered) {
      throw instance ? new UnregisteredDefinition(instance.saga, instance.version) : new UnknownSaga(sagaId);
    }
    // It keeps the definition that it began with, also beside a process that has changed it under the same version.
    if (instance && instance.definitionHash !== registered.hash)
      throw new UnregisteredDefinition(instance.saga, instance.version, instance.definitionHash);
    for (const work of works) {
      const { input } = work;
      if (input.type === 'reply' && !findStep(registered.definition, input.command.step))
        throw new ForeignReply(commandId(sagaId, input.command), sagaId);
      checkSender(this.options.senders ?? {}, registered.definition, work);
    }
    const folded = this.options.fold(sagaId, registered, instance, works);
    const opening = works.find(({ opening }) => opening)?.opening;
    if (instance || !opening || !folded.transition) return folded;
    return { ...folded, transition: { ...folded.transition, opening } };
  }

  private async commit(transitions: Transition[], stale: DueDeadline[]): Promise<Map<string, Date>> {
    if (transitions.length === 0 && stale.length === 0) return new Map();
    const published = this.relay.takeConfirmed();
    try {
      if (transitions.length > 0) failpoint('orchestrator.before-commit');
      return await this.store.commit({ transitions, stale, leaseMs: this.relay.leaseMs, published });
    } catch (error) {
      this.relay.giveBack(published);
      throw error;
    }
  }
}

/** Nothing can be known of it yet. */
function isNew(works: readonly Work[]): boolean {
  return works.some(({ begins, isUrgent }) => begins && isUrgent);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** 50 ms doubling to 2 s, with jitter so that several orchestrators don't come back in step. */
async function backoff(failures: number): Promise<void> {
  const longest = Math.min(50 * 2 ** failures, 2_000);
  await new Promise((resolve) => setTimeout(resolve, longest * (0.5 + Math.random() / 2)));
}
