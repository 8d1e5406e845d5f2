import type { Saga, Step, Transition } from './saga.js';
import { table } from './terminal.js';

/** A line for each step: where it stands, and why. */
export function stepLines({ steps }: Saga): string[] {
  return table(
    steps.map(({ name, status, attempts, rejection }) => [
      `  ${name}`,
      status,
      attempts > 1 ? `${attempts} attempts` : '',
      rejection ? `${rejection.code}: ${rejection.message}` : '',
    ]),
  );
}

/** A line for each transition, by the time since the saga began. */
export function historyLines({ createdAt }: Saga, history: readonly Transition[]): string[] {
  return table(
    history.map(({ at, type, step, cause }) => [
      `  ${sinceText(Date.parse(at) - Date.parse(createdAt)).padStart(9)}`,
      type,
      step ?? '',
      cause.actor ? `${cause.action} by ${cause.actor}: ${cause.reason}` : `by ${cause.kind}`,
    ]),
  );
}

/** What has to happen next, and who has to do it; `null` of a saga that has ended. */
export function waitsFor({ id, status, steps }: Saga): string | null {
  if (status === 'COMPLETED' || status === 'COMPENSATED') return null;
  const named = (...wanted: string[]) => steps.filter((step) => wanted.includes(step.status));
  const stuck = named('STUCK');
  if (status === 'STUCK') {
    const [first] = stuck;
    return (
      `It waits for an operator at ${listOf(stuck)}. Try: ` +
      `npm run clew -- retry ${id} ${first?.name ?? '<step>'} --reason "…" --dry-run`
    );
  }
  const moving = named('EXECUTING', 'COMPENSATING', 'IN_DOUBT');
  if (moving.length > 0) return `It waits for an answer about ${listOf(moving)}.`;
  return 'It waits for its turn: no step is under way.';
}

function listOf(steps: readonly Step[]): string {
  return steps.map(({ name, attempts }) => `${name} (attempt ${attempts})`).join(' and ');
}

/** `+12 ms`, `+3.4 s`, `+2 h 05 min` */
export function sinceText(milliseconds: number): string {
  if (milliseconds < 1_000) return `+${milliseconds} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `+${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  const twoDigits = (count: number) => String(count).padStart(2, '0');
  if (minutes < 60) return `+${minutes} min ${twoDigits(Math.floor(seconds % 60))} s`;
  return `+${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}
