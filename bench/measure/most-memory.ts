import type { RunningSystem } from '../../test/e2e/support/running-system.js';
import { memoryOf } from './usage.js';

const SAMPLE_EVERY_MS = 500;

/** Watches how much memory each app has in use, until it is stopped. */
export class MostMemory {
  private readonly timer: NodeJS.Timeout;
  private readonly megabytes: Record<string, number> = {};

  constructor(system: RunningSystem) {
    this.timer = setInterval(() => {
      for (const [app, megabytes] of Object.entries(memoryOf(system)))
        this.megabytes[app] = Math.max(megabytes, this.megabytes[app] ?? 0);
    }, SAMPLE_EVERY_MS);
  }

  /** The most that was seen so far, in megabytes, by app. */
  get most(): Readonly<Record<string, number>> {
    return this.megabytes;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
