import type { SqlExecutor } from '@clew/outbox';
import { SagaPaused, TooBusy } from './errors.js';

export interface AdmissionOptions {
  readonly database: SqlExecutor;
  /** Inputs that wait for the database in this process. */
  readonly waiting: () => number;
  /** The broker asks everybody to publish nothing now. */
  readonly isBlocked: () => boolean;
  /** How many messages may wait in the outbox. */
  readonly mostInOutbox: number;
  readonly logger: { log(message: string): void; warn(message: string): void };
  /** How often to look into the database, in milliseconds. Default 1,000. */
  readonly everyMs?: number;
}

/** A definition of which no instance may begin. */
export interface Pause {
  readonly saga: string;
  readonly since: Date;
  readonly actor: string;
  readonly reason: string;
}

/** What waits in memory is a few kilobytes each, and a caller who waits for it. */
const MOST_WAITING = 10_000;

/**
 * Whether sagas may begin: not while an operator has paused their definition, and not while so much waits already that more
 * would only wait, too. What has begun goes on in any case. Pauses are the database's; processes hear of them within a second.
 */
export class Admission {
  private pauses: readonly Pause[] = [];
  private inOutbox = 0;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private failing = false;

  constructor(private readonly options: AdmissionOptions) {}

  /** Resolves when the state is known; rejects when the database is away. */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => {
      // One at a time: a database that says nothing is asked no more for being asked again.
      this.looking ??= this.lookAgain().finally(() => (this.looking = undefined));
    }, this.options.everyMs ?? 1_000);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** @throws SagaPaused @throws TooBusy */
  assertOpen(saga: string): void {
    const pause = this.pauses.find((one) => one.saga === saga);
    if (pause) throw new SagaPaused(saga, pause.reason);
    const { waiting, isBlocked, mostInOutbox } = this.options;
    if (waiting() >= MOST_WAITING) throw new TooBusy(`${waiting()} requests wait for the database already`);
    if (isBlocked()) throw new TooBusy('The broker takes no messages now');
    if (this.inOutbox > mostInOutbox)
      throw new TooBusy(`More than ${mostInOutbox} messages wait for the broker already`);
  }

  /** All that are in force. */
  async list(): Promise<readonly Pause[]> {
    await this.lookForPauses();
    return this.pauses;
  }

  /** Keeps instances of a definition from beginning. Pausing what is paused changes nothing. Gives what is in force. */
  async pause(saga: string, actor: string, reason: string): Promise<readonly Pause[]> {
    await this.options.database.$executeRawUnsafe(
      'INSERT INTO saga_pause (saga, actor, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      saga,
      actor,
      reason,
    );
    return this.list();
  }

  /** Lets them begin again. */
  async resume(saga: string): Promise<readonly Pause[]> {
    await this.options.database.$executeRawUnsafe('DELETE FROM saga_pause WHERE saga = $1', saga);
    return this.list();
  }

  /** Never rejects. What goes wrong is said once, and once that it is over. */
  private async lookAgain(): Promise<void> {
    const { logger } = this.options;
    try {
      await this.look();
      if (this.failing) logger.log('Whether sagas may begin is known anew.');
      this.failing = false;
    } catch (error) {
      if (!this.failing)
        logger.warn(`Whether sagas may begin isn't known anew, looking on: ${String(error)}`);
      this.failing = true;
    }
  }

  private async look(): Promise<void> {
    await this.lookForPauses();
    const [row] = await this.options.database.$queryRawUnsafe<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM (SELECT FROM outbox LIMIT $1::int) AS waiting',
      this.options.mostInOutbox + 1,
    );
    this.inOutbox = row!.count;
  }

  private async lookForPauses(): Promise<void> {
    this.pauses = await this.options.database.$queryRawUnsafe<Pause[]>(
      'SELECT saga, since, actor, reason FROM saga_pause ORDER BY saga',
    );
  }
}
