import type { INestApplication, LoggerService } from '@nestjs/common';
import { Readiness } from '../health/readiness.js';

/** Milliseconds for a clean stop: one less than the ten that Docker and others give before they kill. */
const PATIENCE_MS = 9_000;

/**
 * On SIGTERM or SIGINT: stops taking work, ends what runs, and exits with 0; with 1 when that takes too long. Before the
 * service has started there is no work to end, and half an application is not to be closed: it exits at once.
 * Further signals change nothing: a terminal and npm each pass Ctrl-C on.
 */
export function stopOnSignals(app: INestApplication, logger: LoggerService, hasStarted: () => boolean): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.log(`Stopping on ${signal}`);
    if (!hasStarted()) process.exit(0);
    setTimeout(() => {
      logger.fatal?.(`Not stopped after ${PATIENCE_MS / 1000} s: giving up on what still runs`);
      process.exit(1);
    }, PATIENCE_MS).unref();
    try {
      app.get(Readiness, { strict: false }).switchOff();
      await app.close();
      process.exit(0);
    } catch (error) {
      logger.fatal?.(error instanceof Error ? (error.stack ?? error.message) : String(error));
      process.exit(1);
    }
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
}
