import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { MicroBatcher } from '@clew/batch';
import { COMMAND_LIFE_MS, isOutlived } from '@clew/envelope';
import { isTransient, sqlState } from '@clew/outbox';
import type { Delivery } from '@clew/broker';
import type { Faults } from './batch-outcome.js';
import { describeFault } from './describe-fault.js';
import type { ReceivedCommand } from './received-command.js';
import { SharedDeliveries } from './shared-deliveries.js';
import { splitBatch } from './split-batch.js';

export interface CommandProcessorOptions {
  readonly batchSize: number;
  /** The commands that a delivery brings; throws when it can never be understood. `subscription` goes into them. */
  readonly read: (delivery: Delivery, subscription: number) => readonly ReceivedCommand[];
  /** Handles commands of different steps in one transaction; see CommandTransaction. */
  readonly transaction: { run(commands: readonly ReceivedCommand[]): Promise<Faults> };
  readonly hasHandler: (type: string) => boolean;
  readonly ack: (deliveries: readonly Delivery[]) => void;
  readonly park: (delivery: Delivery, reason: string) => Promise<void>;
  readonly logger: { warn(message: string): void; error(message: string): void };
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
const COMPLAIN_EVERY_MS = 5_000;
const STOP_WITHIN_MS = 5_000;

/**
 * Takes deliveries to their end: handled in batches and acked after the commit, or parked. What meets a transient fault
 * stays in hand and is tried again by itself, with growing pauses, while others go on; it is never given back to the queue.
 */
export class CommandProcessor {
  readonly #options: CommandProcessorOptions;
  readonly #batcher: MicroBatcher<ReceivedCommand>;
  readonly #underway = new Set<Promise<void>>();
  readonly #shared = new SharedDeliveries();
  readonly #stopping = new AbortController();
  #subscription = 0;
  #complainedAt = -Infinity;

  constructor(options: CommandProcessorOptions) {
    this.#options = options;
    // Every command that waits for its next try listens, which is no leak.
    setMaxListeners(0, this.#stopping.signal);
    this.#batcher = new MicroBatcher((batch) => this.#runBatch(batch), options.batchSize);
  }

  /** Takes a delivery over. Never throws. */
  take(delivery: Delivery): void {
    let commands: readonly ReceivedCommand[];
    try {
      commands = this.#options.read(delivery, this.#subscription);
    } catch (error) {
      this.#park([delivery], describeFault(error));
      return;
    }
    const unknown = commands.find(({ envelope }) => !this.#options.hasHandler(envelope.type));
    if (unknown) this.#park([delivery], `No handler takes commands of type ${unknown.envelope.type}`);
    else if (commands.length === 0) this.#options.ack([delivery]);
    else if (!commands.some((command) => this.#parkIfOutlived(command))) {
      this.#shared.expect(delivery, commands.length);
      for (const command of commands) this.#batcher.add(command);
    }
  }

  /** Forgets what hasn't begun: the broker delivers all of it again. */
  forgetDeliveries(): void {
    this.#subscription += 1;
    this.#shared.forgetAll();
  }

  /** Finishes what runs, a few seconds long at most. What waits is left to be delivered again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const finished = new AbortController();
    const patience = delay(STOP_WITHIN_MS, undefined, { signal: finished.signal }).catch(() => undefined);
    await Promise.race([this.#batcher.idle().then(() => Promise.all(this.#underway)), patience]);
    finished.abort();
  }

  async #runBatch(batch: readonly ReceivedCommand[]): Promise<void> {
    for (const round of splitBatch(batch)) {
      const commands = round.filter((command) => this.#isWanted(command));
      if (commands.length === 0) continue;
      try {
        this.#settle(commands, await this.#options.transaction.run(commands));
      } catch (error) {
        this.#complain(commands, error);
        if (commands.length === 1 && this.#parkIfHopeless(commands[0]!, error)) continue;
        // Each by itself: one of them may be what the others fail of.
        for (const command of commands) this.#track(this.#retry(command));
      }
    }
  }

  async #retry(command: ReceivedCommand): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20));
      // Up to half of it by chance, so that those who got into each other's way don't meet again.
      await delay(pause * (0.5 + Math.random() / 2), undefined, { signal: this.#stopping.signal }).catch(
        () => undefined,
      );
      if (!this.#isWanted(command) || this.#parkIfOutlived(command)) return;
      try {
        this.#settle([command], await this.#options.transaction.run([command]));
        return;
      } catch (error) {
        this.#complain([command], error);
        if (this.#parkIfHopeless(command, error)) return;
      }
    }
  }

  #isWanted({ subscription }: ReceivedCommand): boolean {
    return !this.#stopping.signal.aborted && subscription === this.#subscription;
  }

  #settle(commands: readonly ReceivedCommand[], faults: Faults): void {
    const handled = commands.filter((command) => !faults.has(command));
    this.#options.ack(this.#shared.settle(handled.flatMap(({ deliveries }) => deliveries)));
    for (const [command, reason] of faults) this.#park(command.deliveries, reason);
  }

  /**
   * An action that comes as late as this, out of the dead letters for example, may be done already, or be one that must never
   * be done, and the fence have forgotten that. If its saga still waits for it, it is asked again. An undo is never too late.
   */
  #parkIfOutlived({ envelope, deliveries }: ReceivedCommand): boolean {
    if (envelope.direction !== 'action') return false;
    if (deliveries.some((delivery) => !isOutlived(delivery, Date.now()))) return false;
    const hours = COMMAND_LIFE_MS / 3_600_000;
    this.#park(deliveries, `It was sent more than ${hours} hours ago: its saga may be over and forgotten`);
    return true;
  }

  /**
   * A command that failed alone, outside its handler, for a reason in the command itself: text that the database can't
   * store, a constraint that is checked at the commit, an error that its handler swallowed.
   */
  #parkIfHopeless(command: ReceivedCommand, error: unknown): boolean {
    const state = sqlState(error);
    if (state === undefined || !(state === '25P02' || /^2[23]/.test(state))) return false;
    this.#park(command.deliveries, describeFault(error));
    return true;
  }

  #park(deliveries: readonly Delivery[], reason: string): void {
    for (const delivery of this.#shared.spoil(deliveries)) this.#track(this.#options.park(delivery, reason));
  }

  #complain(commands: readonly ReceivedCommand[], error: unknown): void {
    const now = performance.now();
    if (now - this.#complainedAt < COMPLAIN_EVERY_MS) return;
    this.#complainedAt = now;
    const what = `${commands.length} commands (${commands[0]?.envelope.commandId} …)`;
    const text = `Rolled back ${what} and will try again, each by itself: ${describeFault(error)}`;
    if (isTransient(error)) this.#options.logger.warn(text);
    else this.#options.logger.error(text);
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#options.logger.error(`Unexpected: ${describeFault(error)}`))
      .finally(() => this.#underway.delete(tracked));
    this.#underway.add(tracked);
  }
}
