/**
 * Plays random sagas under random schedules of trouble, and checks every promise of a saga (libs/testing).
 *
 *   npm run simulate -- --schedules 1000000 [--seed 7] [--workers 2]
 *   npm run simulate -- --seed 7 --only 4711
 *
 * Prints the seed, what has happened how often, and "0 violations"; or the broken promise with the shortest schedule that
 * shows it, and exit code 1. The same seed and number always play the same schedule.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { describeViolation, simulate, type SimulationReport } from '@clew/testing/sagas';

interface Share {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** Schedules between two signs of life. */
const SLICE = 5_000;

if (isMainThread) await main();
else playShare(workerData as Share);

async function main(): Promise<void> {
  const { schedules, seed, only, workers } = readArguments();
  const startedAt = performance.now();
  if (only !== undefined) {
    const report = simulate({ seed, from: only, schedules: 1 });
    console.log(describeViolation(report) ?? `Seed ${seed}, schedule ${only}: no promise is broken.`);
    process.exit(report.violation ? 1 : 0);
  }
  console.log(`Seed ${seed}: ${schedules} schedules in ${workers} threads`);
  const total = { played: 0, violations: 0, happened: {} as Record<string, number> };
  const size = Math.ceil(schedules / workers);
  const shares = Array.from({ length: workers }, (_, index): Share => {
    return { seed, from: index * size, to: Math.min((index + 1) * size, schedules) };
  });
  await Promise.all(
    shares.map((share) =>
      play(share, (report) => {
        total.played += report.schedules;
        for (const [name, count] of Object.entries(report.coverage))
          total.happened[name] = (total.happened[name] ?? 0) + count;
        const violation = describeViolation(report);
        if (violation) {
          total.violations++;
          console.error(violation);
        }
        const seconds = (performance.now() - startedAt) / 1_000;
        if (process.stdout.isTTY)
          process.stdout.write(`\r${total.played} played, ${Math.round(total.played / seconds)} a second `);
      }),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(
    Object.entries(total.happened)
      .map(([name, count]) => `${name} ${count}`)
      .join(', '),
  );
  console.log(
    `Seed ${seed}: ${total.played} schedules in ${seconds.toFixed(0)} s, ${total.violations} violations`,
  );
  process.exit(total.violations > 0 ? 1 : 0);
}

function play(share: Share, onReport: (report: SimulationReport) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.on('message', onReport);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

/** Ends at the first violation: what comes after it would most likely be the same one. */
function playShare({ seed, from, to }: Share): void {
  for (let next = from; next < to; next += SLICE) {
    const report = simulate({ seed, from: next, schedules: Math.min(SLICE, to - next) });
    parentPort?.postMessage(report);
    if (report.violation) return;
  }
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      only: { type: 'string' },
      workers: { type: 'string', default: String(availableParallelism()) },
    },
  });
  return {
    schedules: wholeNumber('schedules', values.schedules),
    seed: wholeNumber('seed', values.seed),
    only: values.only === undefined ? undefined : wholeNumber('only', values.only),
    workers: Math.max(1, wholeNumber('workers', values.workers)),
  };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  console.error(`--${name} must be a whole number, not "${text}".`);
  process.exit(2);
}
