import type { HistoryTapes } from './history.js';

/** Plays that shrinking may cost; a history takes well under a millisecond. */
const MOST_PLAYS = 4_000;

/**
 * The shortest tapes that it finds on which a history still fails: first the schedule is cut short, then whole stretches
 * are taken out of it, then the cast is made tamer.
 */
export function shrink(tapes: HistoryTapes, fails: (tapes: HistoryTapes) => boolean): HistoryTapes {
  let best = tapes;
  let plays = 0;
  const tryOut = (candidate: HistoryTapes): boolean => {
    if (plays >= MOST_PLAYS) return false;
    plays++;
    if (!fails(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let before = Infinity; plays < MOST_PLAYS && weight(best) < before;) {
    before = weight(best);
    for (const part of ['schedule', 'cast'] as const) {
      for (let size = best[part].length; size >= 1; size = Math.floor(size / 2)) {
        for (let at = 0; at < best[part].length;) {
          if (!tryOut(without(best, part, at, size))) at += size;
          else if (part === 'cast') at += size;
        }
      }
    }
  }
  return best;
}

/** A schedule gets shorter; the cast keeps its places, as each has a meaning, and gets zeros, which are the tamest. */
function without(tapes: HistoryTapes, part: keyof HistoryTapes, at: number, size: number): HistoryTapes {
  const before = tapes[part].slice(0, at);
  const after = tapes[part].slice(at + size);
  const between = part === 'cast' ? tapes.cast.slice(at, at + size).map(() => 0) : [];
  return { ...tapes, [part]: [...before, ...between, ...after] };
}

function weight({ cast, schedule }: HistoryTapes): number {
  return schedule.length * 1_000 + cast.filter((number) => number !== 0).length;
}
