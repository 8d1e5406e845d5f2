import type { AppName } from '../../test/e2e/support/app-process.js';
import type { RunningSystem } from '../../test/e2e/support/running-system.js';
import { Bookings } from '../load/bookings.js';
import { closedLoop, type Booked } from '../load/closed-loop.js';
import { HttpCaller } from '../load/http-caller.js';
import { openLoop } from '../load/open-loop.js';
import { Watch } from '../load/watch.js';
import { checkBooks } from '../measure/books.js';
import { measureCommitDelay } from '../measure/commit-delay.js';
import { measuredRun, type Measured } from '../measure/measured-run.js';
import type { BenchOptions, Mode } from '../options.js';
import { gatewaysOf, startSystem, type BenchSystemOptions } from './bench-system.js';
import type { Servers } from './servers.js';

/** Further off, and latencies would be those of the clocks. */
const MOST_CLOCK_DIFFERENCE_MS = 2;

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
