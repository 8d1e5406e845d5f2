import { describe, expect, it } from '@jest/globals';
import { HistoryWatch } from './history-watch.js';
import type { HistoryQuestion } from './saga-reader.js';
import type { HistoryRow } from './saga-record.js';

const row = (revision: number): HistoryRow => ({ revision, at: new Date(0), entries: [] });
const never = () => new AbortController().signal;

/** A watch on histories in memory, whose looks wait until they are let go. */
function watched(options: { firstPauseMs?: number; longestPauseMs?: number } = {}) {
  const histories = new Map<string, HistoryRow[]>();
  const looks: (readonly HistoryQuestion[])[] = [];
  const gates: (() => void)[] = [];
  let isOpen = true;
  const watch = new HistoryWatch({
    ...options,
    read: async (questions) => {
      looks.push(questions);
      const seen = new Map(histories);
      if (!isOpen) await new Promise<void>((resolve) => gates.push(resolve));
      return seen;
    },
  });
  const letGo = (open: boolean) => {
    isOpen = open;
    gates.splice(0).forEach((pass) => pass());
  };
  return { watch, histories, looks, letGo };
}
const turn = () => new Promise(setImmediate);

describe('a watch on histories', () => {
  it('asks once for all who wait for the same', async () => {
    const { watch, histories, looks } = watched();
    histories.set('a', [row(1), row(2), row(3)]);
    const [one, other] = await Promise.all([watch.next('a', 1, never()), watch.next('a', 2, never())]);
    expect(looks).toEqual([[expect.objectContaining({ sagaId: 'a', after: 1 })]]);
    expect([one, other].map((rows) => rows.map(({ revision }) => revision))).toEqual([[2, 3], [3]]);
  });

  it('looks again at once when something is committed while it looks', async () => {
    const { watch, histories, looks, letGo } = watched({ firstPauseMs: 3_600_000 });
    letGo(false);
    const told = watch.next('a', 0, never());
    await turn();
    expect(looks).toHaveLength(1);
    histories.set('a', [row(1)]);
    watch.wake(['a']);
    letGo(true);
    expect(await told).toEqual([row(1)]);
  });

  it('looks by itself, for what others have committed', async () => {
    const { watch, histories, looks } = watched({ firstPauseMs: 1, longestPauseMs: 1 });
    const told = watch.next('a', 0, never());
    await turn();
    expect(looks).toHaveLength(1);
    histories.set('a', [row(1)]);
    expect(await told).toEqual([row(1)]);
  });

  it('knows nothing while the database is away, and goes on', async () => {
    let isAway = true;
    const watch = new HistoryWatch({
      firstPauseMs: 1,
      read: async () => {
        if (!isAway) return new Map([['a', [row(1)]]]);
        isAway = false;
        throw new Error('away');
      },
    });
    expect(await watch.next('a', 0, never())).toEqual([row(1)]);
  });

  it('lets go of those who leave', async () => {
    const { watch, looks } = watched({ firstPauseMs: 3_600_000 });
    const leaving = new AbortController();
    const told = watch.next('a', 0, leaving.signal);
    await turn();
    leaving.abort();
    expect(await told).toEqual([]);
    watch.wake(['a']);
    await turn();
    expect(looks).toHaveLength(1);
    expect(await watch.next('a', 0, leaving.signal)).toEqual([]);
  });
});
