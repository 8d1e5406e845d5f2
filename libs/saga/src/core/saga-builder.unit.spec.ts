import { describe, expect, it } from '@jest/globals';
import { saga } from './saga-builder.js';
import { signatureOf } from './signature.js';

class Booked {
  ticket!: string;
}
class Undone {}
class Book {
  static readonly type = 'shop.book';
  static readonly reply = Booked;
  seats!: number;
}
class Unbook {
  static readonly type = 'shop.unbook';
  static readonly reply = Undone;
}
interface Order {
  seats: number;
}
const book = { action: Book, payload: ({ input }: { input: Order }) => ({ seats: input.seats }) };

describe('the saga definition', () => {
  it('infers payloads, results of earlier steps and the order of kinds', () => {
    const definition = saga<Order>('order', { version: 1 })
      .step('first', { ...book, compensation: Unbook })
      .parallel({
        left: {
          action: Book,
          payload: ({ results }) => ({ seats: results.first.ticket.length }),
          compensation: Unbook,
        },
        right: { action: Book, payload: ({ input }) => ({ seats: input.seats }), compensation: Unbook },
      })
      .step('charge', { ...book, pivot: true })
      .step('ship', {
        action: Book,
        payload: ({ results }) => ({ seats: results.left.ticket.length }),
        retriable: true,
      })
      .end();
    expect(signatureOf(definition)).toBe(
      'first:compensatable:shop.book/shop.unbook > left:compensatable:shop.book/shop.unbook | ' +
        'right:compensatable:shop.book/shop.unbook > charge:pivot:shop.book > ship:retriable:shop.book',
    );
  });

  it('does not compile where it makes no sense', () => {
    const open = saga<Order>('order', { version: 1 });
    // Checked by `tsc`: a directive below is itself an error when the line after it compiles.
    const refused = () => {
      const undo = { compensation: Unbook };
      // @ts-expect-error neither a compensation nor pivot nor retriable
      open.step('first', book);
      // @ts-expect-error the payload isn't the command's
      open.step('first', { action: Book, ...undo, payload: () => ({ seats: 'two' }) });
      // @ts-expect-error no step of that name comes before
      open.step('first', { action: Book, ...undo, payload: ({ results }) => results.other });
      // @ts-expect-error members of a group don't see each other
      open.parallel({ a: { ...book, ...undo }, b: { action: Book, ...undo, payload: (v) => v.results.a } });
      // @ts-expect-error a group member without compensation
      open.parallel({ a: book });
      // @ts-expect-error a compensatable step after the pivot
      open.step('pay', { ...book, pivot: true }).step('late', { ...book, ...undo });
      // @ts-expect-error a second pivot
      open.step('pay', { ...book, pivot: true }).step('again', { ...book, pivot: true });
      // @ts-expect-error the same name twice
      open.step('a', { ...book, ...undo }).step('a', { ...book, ...undo });
      // @ts-expect-error the input has no such field
      open.step('a', { action: Book, ...undo, payload: ({ input }) => ({ seats: input.rooms }) });
    };
    expect(refused).toBeInstanceOf(Function);
  });

  it('infers the input and the results of a child saga', () => {
    const shop = saga<{ seats: number }>('shop', { version: 4 })
      .step('seat', { ...book, compensation: Unbook })
      .end();
    const definition = saga<Order>('order', { version: 1 })
      .child('shop', { saga: shop, input: ({ input }) => ({ seats: input.seats }) })
      .step('ship', {
        action: Book,
        payload: ({ results }) => ({ seats: results.shop.results.seat.ticket.length }),
        retriable: true,
      })
      .child('again', { saga: shop, input: ({ input }) => input, retriable: true })
      .end();
    expect(signatureOf(definition)).toBe(
      'shop:compensatable:saga shop v4 > ship:retriable:shop.book > again:retriable:saga shop v4',
    );
    const [start, undo] = [definition.stages[0]![0]!.action, definition.stages[0]![0]!.compensation];
    expect([start.type, undo?.type]).toEqual(['saga.start', 'saga.undo']);
    // Checked by `tsc`, as above.
    const refused = () => {
      const open = saga<Order>('order', { version: 1 });
      // @ts-expect-error the child has another input
      open.child('shop', { saga: shop, input: () => ({ rooms: 1 }) });
      // @ts-expect-error the input has no such field
      open.child('shop', { saga: shop, input: ({ input }) => ({ seats: input.rooms }) });
      const after = open.child('shop', { saga: shop, input: ({ input }) => input });
      // @ts-expect-error the child has no such step
      after.step('ship', { action: Book, payload: ({ results }) => results.shop.results.room, pivot: true });
      // @ts-expect-error the same name twice
      after.child('shop', { saga: shop, input: ({ input }) => input });
      const pivot = open.child('shop', { saga: shop, input: ({ input }) => input, pivot: true });
      // @ts-expect-error a compensatable child after the pivot
      pivot.child('again', { saga: shop, input: ({ input }) => input });
    };
    expect(refused).toBeInstanceOf(Function);
  });

  it('makes the result of a step that may be skipped optional', () => {
    const shop = saga<Order>('shop', { version: 1 })
      .step('seat', { ...book, compensation: Unbook })
      .end();
    const isMany = ({ input }: { input: Order }) => input.seats > 1;
    const open = saga<Order>('order', { version: 1 });
    const undo = { compensation: Unbook };
    const first = open.step('first', { ...book, ...undo, when: isMany });
    const child = open.child('shop', { saga: shop, input: ({ input }) => input, when: isMany });
    const definition = first
      .step('next', {
        action: Book,
        ...undo,
        payload: ({ results }) => ({ seats: results.first?.ticket.length ?? 0 }),
      })
      .end();
    expect(definition.stages.map(([step]) => step?.when)).toEqual([isMany, undefined]);
    // Checked by `tsc`, as above.
    const refused = () => {
      const next = { action: Book, ...undo };
      // @ts-expect-error the first step may have been skipped
      first.step('next', { ...next, payload: ({ results }) => ({ seats: results.first.ticket.length }) });
      child.step('next', {
        ...next,
        // @ts-expect-error the child may have been skipped
        payload: ({ results: { shop } }) => ({ seats: shop.results.seat.ticket.length }),
      });
      // @ts-expect-error a condition says yes or no
      open.step('first', { ...book, ...undo, when: () => 'perhaps' });
      // @ts-expect-error a member of a group has no condition of its own
      open.parallel({ a: { ...book, ...undo, when: isMany } });
    };
    expect(refused).toBeInstanceOf(Function);
  });

  it('keeps locks and deadlines of the whole, with a lease if none is said', () => {
    const whole = (options: object) =>
      saga<Order>('order', { version: 1, ...options })
        .step('first', { ...book, compensation: Unbook })
        .end();
    expect(whole({})).not.toHaveProperty('lock');
    expect(whole({})).not.toHaveProperty('timeoutMs');
    const one = whole({ timeoutMs: 1, lock: ({ seats }: Order) => `seats:${seats}` });
    expect(one.lock?.keysOf({ seats: 2 })).toEqual(['seats:2']);
    expect([one.timeoutMs, one.lock?.leaseMs]).toEqual([1, 300_000]);
    const many = whole({ lock: () => ['b', 'a'], lockLeaseMs: 2_147_483_647 });
    expect(many.lock?.keysOf({ seats: 2 })).toEqual(['b', 'a']);
    expect(many.lock?.leaseMs).toBe(2_147_483_647);
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity, 2_147_483_648])('refuses %d milliseconds', (ms) => {
    const step = { ...book, compensation: Unbook };
    const timed = saga<Order>('order', { version: 1, timeoutMs: ms }).step('first', step);
    expect(() => timed.end()).toThrow('its timeoutMs must be whole milliseconds, up to 24 days');
    const locked = saga<Order>('order', { version: 1, lock: () => 'a', lockLeaseMs: ms }).step('first', step);
    expect(() => locked.end()).toThrow('its lockLeaseMs must be whole milliseconds, up to 24 days');
    const open = saga<Order>('order', { version: 1 });
    expect(() => open.step('first', { ...step, policy: { maxTimeoutMs: ms } }).end()).toThrow(
      'in the policy of step "first", maxTimeoutMs must be whole milliseconds, up to 24 days',
    );
  });

  it('fails at start-up where a child can not be what the step says', () => {
    const paid = saga<Order>('paid', { version: 1 })
      .step('seat', { ...book, compensation: Unbook })
      .step('charge', { ...book, pivot: true })
      .end();
    const as = (kind: object) =>
      saga<Order>('order', { version: 1 }).child('shop', {
        saga: paid,
        input: ({ input }) => input,
        ...kind,
      });
    expect(() => as({}).end()).toThrow(
      'the child saga paid of step "shop" can\'t be undone after "charge", which is pivot: make the step a pivot or retriable',
    );
    for (const kind of [{ pivot: true }, { retriable: true }]) expect(as(kind).end().stages).toHaveLength(1);
    expect(() => as({ pivot: true, policy: { attempts: 0 } }).end()).toThrow(
      'in the policy of step "shop", attempts',
    );
  });

  it('keeps the name of the orchestrators to itself', () => {
    class Reserved extends Book {
      static override readonly type = 'saga.start' as 'shop.book';
    }
    for (const kind of [{ pivot: true }, { compensation: Unbook }]) {
      const open = saga<Order>('order', { version: 1 }).step('a', {
        ...book,
        ...kind,
        action: Reserved,
      } as never);
      expect(() => open.end()).toThrow(
        'step "a" sends saga.start, but the name "saga" is kept for child sagas',
      );
    }
  });

  it('fails at start-up where types cannot say it', () => {
    const open = saga<Order>('order', { version: 1 });
    const step = { ...book, compensation: Unbook };
    expect(() => open.end()).toThrow('Saga order v1: it has no step');
    expect(() => open.parallel({}).end()).toThrow('parallel group without steps');
    expect(() => open.step('Wrong Name', step).end()).toThrow('the step name "Wrong Name" must be');
    expect(() => open.parallel({ a: step }).parallel({ a: step }).end()).toThrow('two steps named "a"');
    expect(() => saga<Order>('order', { version: 0 }).step('a', step).end()).toThrow('whole number from 1');
    expect(() => saga<Order>('Order!', { version: 1 }).step('a', step).end()).toThrow('its name must be');
    const untyped = open.step('pay', { ...book, pivot: true }) as unknown as typeof open;
    expect(() => untyped.step('late', step).end()).toThrow(
      'step "late" is compensatable but comes after "pay", which is pivot: only retriable steps may follow',
    );
    const twisted = (spec: object) => open.step('a', { ...step, ...spec });
    class Elsewhere {
      static readonly type = 'other.unbook';
      static readonly reply = Undone;
    }
    expect(() => twisted({ compensation: Elsewhere }).end()).toThrow(
      'step "a" is done by shop and must be undone there, not by other.unbook',
    );
    expect(() => twisted({ compensation: Book }).end()).toThrow('one command as action and compensation');
    expect(() => twisted({ policy: { attempts: 0 } }).end()).toThrow(
      'attempts must be a whole number from 1',
    );
    expect(() => twisted({ policy: { timeoutMs: Number.NaN } }).end()).toThrow('timeoutMs must be whole');
    expect(() => twisted({ compensationPolicy: { backoff: 0.5 } }).end()).toThrow('backoff must be');
    const mixed = { a: step, b: { ...book, retriable: true } } as unknown as { a: typeof step };
    expect(() => open.parallel(mixed).end()).toThrow('side by side with "a" aren\'t all compensatable');
    class Nowhere extends Book {
      static override readonly type = 'nowhere' as 'shop.book';
    }
    expect(() => open.step('a', { ...step, action: Nowhere }).end()).toThrow(
      'must read <participant>.<verb>',
    );
  });
});
