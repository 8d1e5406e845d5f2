import { describe, expect, it } from '@jest/globals';
import type { SagaRecord, Sagas } from '@clew/saga';
import { tripBooking } from '@clew/trip-booking';
import type { Caller } from '../callers/caller.js';
import { findInstance } from './find-instance.js';
import { isShownTo } from './own-instance.js';

const anonymous: Caller = { name: undefined, role: 'caller' };
const ada: Caller = { name: 'ada', role: 'caller' };
const operators: Caller[] = [
  { name: undefined, role: 'operator' },
  { name: 'ops', role: 'operator' },
];
const id = '0192f0c1-2b3c-7d4e-8f90-123456789abc';

describe('an instance', () => {
  it.each<[whose: string, owner: string | undefined, caller: Caller, shown: boolean]>([
    ["nobody's", undefined, anonymous, true],
    ["nobody's", undefined, ada, false],
    ["ada's", 'ada', ada, true],
    ["ada's", 'ada', { name: 'eve', role: 'caller' }, false],
    ["ada's, while there are no keys", 'ada', anonymous, true],
  ])('of %s (%s) is shown to %p: %s', (_whose, owner, caller, shown) => {
    expect(isShownTo(caller, { owner })).toBe(shown);
  });

  it('is shown to operators, whose ever it is', () => {
    for (const caller of operators)
      for (const owner of [undefined, 'ada']) expect(isShownTo(caller, { owner })).toBe(true);
  });

  it("of another caller is not there, in the very words of one that isn't", async () => {
    const sagas = (...records: object[]) =>
      ({ find: async () => records[0] as SagaRecord }) as unknown as Sagas;
    const find = (records: object[], caller: Caller) =>
      findInstance(sagas(...records), tripBooking, id, 'booking', caller);
    const booking = { id, saga: tripBooking.name, owner: 'ada' };
    expect(await find([booking], ada)).toBe(booking);
    const problem = { status: 404, detail: `There is no booking ${id}.` };
    const eve: Caller = { name: 'eve', role: 'caller' };
    await expect(find([booking], eve)).rejects.toMatchObject({ problem });
    await expect(find([], eve)).rejects.toMatchObject({ problem });
  });
});
