import { it as plainIt } from '@jest/globals';
import { logLengths, logsSince } from './running-system.js';

/** Jest's `it`; when the test fails, what the apps wrote meanwhile is printed too. */
export function it(name: string, behaviour: () => Promise<void>, timeout?: number): void {
  plainIt(
    name,
    async () => {
      const before = logLengths();
      try {
        await behaviour();
      } catch (error) {
        process.stderr.write(`\nThe apps' logs, as "${name}" failed:\n${logsSince(before)}\n`);
        throw error;
      }
    },
    timeout,
  );
}
