import { median, medians } from '../measure/distribution.js';
import type { Measured } from '../measure/measured-run.js';
import type { BenchOptions } from '../options.js';
import { columnOf, printColumns, round } from '../report/format.js';
import type { MeasuredSystem } from '../system/measured-system.js';

export interface InTurns {
  readonly rounds: Readonly<Record<string, readonly Measured[]>>;
  /** Median of what the second one's rate is to the first one's, round by round. */
  readonly ratio: number;
}

/** Measures two systems in turns and prints their figures, by their headings. The one that isn't measured stands idle. */
export async function measureInTurns(
  systems: ReadonlyMap<string, MeasuredSystem>,
  { rounds, modes }: BenchOptions,
): Promise<InTurns> {
  const measured = new Map<string, Measured[]>();
  for (let number = 1; number <= rounds; number++)
    for (const [heading, system] of systems) {
      const figures = await system.measure(modes[0]!);
      measured.set(heading, [...(measured.get(heading) ?? []), figures]);
      console.log(
        `Round ${number}, ${heading}: ${round(figures.sagasPerSecond, 1)} sagas/s, ` +
          `${round(figures.cost.cpuMsInAll, 3)} CPU ms a saga`,
      );
    }
  printColumns(
    Object.fromEntries([...measured].map(([heading, figures]) => [heading, columnOf(medians(figures))])),
  );
  const [first, second] = [...measured.values()];
  const ratio = median(
    second!.map(({ sagasPerSecond }, index) => sagasPerSecond / first![index]!.sagasPerSecond),
  );
  return { rounds: Object.fromEntries(measured), ratio };
}
