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
