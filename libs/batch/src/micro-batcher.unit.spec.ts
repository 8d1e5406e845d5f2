import { describe, expect, it } from '@jest/globals';
import { MicroBatcher } from './micro-batcher.js';

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('a micro-batch', () => {
  it('is what arrived while the last one ran, in order', async () => {
    const batches: number[][] = [];
    const first = gate();
    const batcher = new MicroBatcher<number>(async (batch) => {
      batches.push(batch);
      if (batches.length === 1) await first.opened;
    }, 100);
    batcher.add(1);
    await new Promise(setImmediate);
    for (const item of [2, 3, 4]) batcher.add(item);
    expect(batcher.size).toBe(3);
    first.open();
    await batcher.idle();
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('takes what came in the same turn together, and no more than the limit', async () => {
    const batches: number[][] = [];
    const batcher = new MicroBatcher<number>(async (batch) => void batches.push(batch), 2);
    for (const item of [1, 2, 3, 4, 5]) batcher.add(item);
    await batcher.idle();
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('lets go of what still waits', async () => {
    const batches: number[][] = [];
    const first = gate();
    const batcher = new MicroBatcher<number>(async (batch) => {
      batches.push(batch);
      await first.opened;
    }, 100);
    batcher.add(1);
    await new Promise(setImmediate);
    for (const item of [2, 3, 4, 5]) batcher.add(item);
    expect(batcher.withdraw((item) => item % 2 === 0)).toEqual([2, 4]);
    first.open();
    await batcher.idle();
    expect(batches).toEqual([[1], [3, 5]]);
  });

  it('loses nothing of which it becomes true while it is asked that it be let go', async () => {
    const batches: number[][] = [];
    const batcher = new MicroBatcher<number>(async (batch) => void batches.push(batch), 100);
    for (const item of [1, 2, 3]) batcher.add(item);
    let asked = 0;
    expect(batcher.withdraw((item) => item === 1 || ++asked > 2)).toEqual([1]);
    await batcher.idle();
    expect(batches).toEqual([[2, 3]]);
  });

  it('never runs two at a time', async () => {
    let running = 0;
    let most = 0;
    const batcher = new MicroBatcher<number>(async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    }, 3);
    for (let item = 0; item < 50; item++) {
      batcher.add(item);
      if (item % 7 === 0) await new Promise(setImmediate);
    }
    await batcher.idle();
    expect(most).toBe(1);
    expect(batcher.size).toBe(0);
  });
});
