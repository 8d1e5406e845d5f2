import { it as plainIt } from '@jest/globals';
import { logsOfAllSystems } from './running-system.js';

/** Jest's `it`; when the test fails, what the apps wrote is printed too. */
export function it(name: string, behaviour: () => Promise<void>, timeout?: number): void {
  plainIt(
    name,
    async () => {
      try {
        await behaviour();
      } catch (error) {
        process.stderr.write(`\nThe apps' logs, as "${name}" failed:\n${logsOfAllSystems()}\n`);
        throw error;
      }
    },
    timeout,
  );
}
