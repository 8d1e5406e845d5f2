import { setTimeout as delay } from 'node:timers/promises';
import type { AppName } from '../../test/e2e/support/app-process.js';
import type { RunningSystem } from '../../test/e2e/support/running-system.js';
import { Bookings } from '../load/bookings.js';
import { closedLoop, type Booked } from '../load/closed-loop.js';
import { HttpCaller } from '../load/http-caller.js';
import { openLoop } from '../load/open-loop.js';
import { rush } from '../load/rush.js';
import { Watch } from '../load/watch.js';
import { checkBooks, checkReservations } from '../measure/books.js';
import { measureCommitDelay } from '../measure/commit-delay.js';
import { percentilesOf, type Percentiles } from '../measure/distribution.js';
import { measuredRun, type Measured } from '../measure/measured-run.js';
import { megabytesOfTables } from '../measure/tables.js';
import { MostMemory } from '../measure/most-memory.js';
import { memoryOf } from '../measure/usage.js';
import type { BenchOptions, Mode } from '../options.js';
import { gatewaysOf, startSystem, type BenchSystemOptions } from './bench-system.js';
import type { Servers } from './servers.js';

/** Further off, and latencies would be those of the clocks. */
const MOST_CLOCK_DIFFERENCE_MS = 2;

/** How a backlog was worked off. */
export interface Drained {
  /** While it grew. */
  readonly acceptedPerSecond: number;
  /** From when the participants were back until the last booking had ended. */
  readonly drainedPerSecond: number;
  readonly askedAgain: number;
  /** Megabytes of each app. */
  readonly mostMemory: Readonly<Record<string, number>>;
}

/** A part of a long run: what bookings took in it, and what everything came to at its end. */
export interface Slice {
  readonly accepted: Percentiles;
  readonly ended: Percentiles;
  /** Megabytes of each app. */
  readonly memory: Readonly<Record<string, number>>;
  /** Megabytes of Clew's tables in all databases. */
  readonly tables: number;
}

/** A running system with all that it takes to measure it, and the books of what it was asked for. */
export class MeasuredSystem {
  private readonly bookings = new Bookings();
  private readonly accepted: string[] = [];
  private undone = 0;

  private constructor(
    readonly servers: Servers,
    readonly system: RunningSystem,
    readonly caller: HttpCaller,
    readonly watch: Watch,
    private readonly options: BenchOptions,
  ) {}

  /** @throws Error also when the database's clock isn't this machine's: then nothing could be said of latency */
  static async start(
    servers: Servers,
    options: BenchOptions,
    environment?: BenchSystemOptions['environment'],
  ): Promise<MeasuredSystem> {
    const system = await startSystem(servers, { ...options, ...(environment && { environment }) });
    try {
      const watch = await Watch.open(system);
      const difference = await watch.clockDifference();
      if (Math.abs(difference) > MOST_CLOCK_DIFFERENCE_MS)
        throw new Error(`The database's clock is ${difference.toFixed(1)} ms ahead of this machine's.`);
      const caller = await HttpCaller.open(gatewaysOf(system), options.connections);
      return new MeasuredSystem(servers, system, caller, watch, options);
    } catch (error) {
      await system.stop().catch(() => undefined); // What failed first is what counts.
      throw error;
    }
  }

  /** Books without counting, until everything is compiled, connected and cached that will be; some are undone, too. */
  async warmUp(): Promise<void> {
    const { 'warm-up': warmUp, 'in-flight': inFlight } = this.options;
    const requests = this.take(warmUp, 'undone');
    const { sentAt } = await closedLoop(this.caller, this.watch, requests, { inFlight });
    this.accepted.push(...sentAt.keys());
  }

  /** Milliseconds that an end is seen after it is told to have been. */
  async commitDelay(): Promise<number> {
    const { ms, ids } = await measureCommitDelay(this.caller, this.watch, this.bookings);
    this.accepted.push(...ids);
    return ms;
  }

  /**
   * @param around is given the load to run it; what it does besides isn't measured less for that
   * @throws Error when the books don't add up afterwards
   */
  async measure(mode: Mode, around = (run: () => Promise<Booked>) => run()): Promise<Measured> {
    const { bookings, rate, seconds } = this.options;
    const requests = this.take(mode === 'open' ? rate * seconds : bookings, mode);
    const { measured, ids } = await measuredRun(this, requests.length, () =>
      around(() => this.load(mode, requests)),
    );
    this.accepted.push(...ids);
    await checkBooks(this.system, this.accepted, this.undone);
    return measured;
  }

  /** Has past sagas added, which have all been undone: they are in the books from now on. */
  async addPast(count: number, add: (system: RunningSystem, count: number) => Promise<void>): Promise<void> {
    await add(this.system, count);
    this.undone += count;
  }

  /**
   * Lets so many bookings wait for the participants, who are away, and then has them worked off.
   *
   * @throws Error when they don't end, or the books don't add up afterwards
   */
  async drain(count: number): Promise<Drained> {
    const participants = this.system.processes.filter(({ name }) => name !== 'orchestrator');
    await Promise.all(participants.map((participant) => participant.stop()));
    const requests = this.take(count, 'closed');
    const memory = new MostMemory(this.system);
    try {
      const begunAt = performance.now();
      this.accepted.push(...(await rush(this.caller, requests)));
      const acceptedAt = performance.now();
      for (const participant of participants) participant.start();
      await Promise.all(participants.map((participant) => participant.untilReady()));
      const backAt = performance.now();
      for (let last = { underWay: Infinity, at: backAt }; last.underWay > 0; await delay(500)) {
        const underWay = await this.watch.underWay();
        if (underWay < last.underWay) last = { underWay, at: performance.now() };
        if (performance.now() - last.at > 120_000) throw new Error(`${underWay} bookings don't end.`);
      }
      const endedAt = performance.now();
      const askedAgain = await this.askedAgain();
      await checkBooks(this.system, this.accepted, this.undone);
      return {
        acceptedPerSecond: (1_000 * count) / (acceptedAt - begunAt),
        drainedPerSecond: (1_000 * count) / (endedAt - backAt),
        askedAgain,
        mostMemory: { ...memory.most },
      };
    } finally {
      memory.stop();
    }
  }

  /** Books at a steady rate for so long: a part of a run that goes on. */
  async slice(perSecond: number, seconds: number): Promise<Slice> {
    const requests = this.take(perSecond * seconds, 'open');
    const { sentAt, acceptedAfter } = await openLoop(this.caller, this.watch, requests, { perSecond });
    const ids = [...sentAt.keys()];
    this.accepted.push(...ids);
    const ends = await this.watch.endsOf(ids);
    return {
      accepted: percentilesOf(acceptedAfter),
      ended: percentilesOf([...ends].map(([id, endedAt]) => endedAt - sentAt.get(id)!)),
      memory: memoryOf(this.system),
      tables: await megabytesOfTables(this.system),
    };
  }

  /** What has ended counts as so old that it may be deleted. */
  async makeOld(): Promise<void> {
    await this.system.databases.rows(
      'orchestrator',
      `UPDATE saga_instance SET ended_at = ended_at - interval '1 year' WHERE ended_at > now() - interval '1 day'`,
    );
  }

  /** @throws Error when the participants haven't reserved for as many as were accepted and not to be undone */
  async checkReservations(): Promise<void> {
    await checkReservations(this.system, this.accepted.length - this.undone);
  }

  /** Every process, by its app and number. */
  processes(): (readonly [app: AppName, instance: number])[] {
    const { processes } = this.system;
    return processes.map(({ name }, index) => [
      name,
      index - processes.findIndex((other) => other.name === name),
    ]);
  }

  signalApps(signal: NodeJS.Signals): void {
    for (const pid of this.system.pids()) process.kill(pid!, signal);
  }

  /** @throws Error when an app misbehaved */
  async stop(): Promise<void> {
    this.caller.close();
    await this.watch.close();
    await this.system.stop();
  }

  /** Commands, so far, that were sent more than once. */
  private async askedAgain(): Promise<number> {
    const [row] = await this.system.databases.rows<{ count: number }>(
      'orchestrator',
      `SELECT count(*)::int AS count FROM saga_history WHERE entries::text LIKE '%"CommandRepeated"%'`,
    );
    return row!.count;
  }

  private take(count: number, mode: Mode): Buffer[] {
    if (mode !== 'undone') return this.bookings.take(count);
    this.undone += Math.ceil(count / 5);
    return this.bookings.take(count, { undone: true });
  }

  private load(mode: Mode, requests: readonly Buffer[]): Promise<Booked> {
    const { 'in-flight': inFlight, rate } = this.options;
    return mode === 'open'
      ? openLoop(this.caller, this.watch, requests, { perSecond: rate })
      : closedLoop(this.caller, this.watch, requests, { inFlight });
  }
}
