import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConfirmWindow } from './confirm-window.js';
import type { PublishResult } from '@clew/broker';
import { Outcome, PublishCall, type Writing } from './publish-call.js';

interface Note {
  readonly destination: string;
  readonly messageId: string;
}

const writing: Writing<Note> = {
  exchangeOf: () => 'clew',
  longest: Infinity,
  contentOf: () => Buffer.alloc(0),
  optionsOf: () => ({}),
};

const note = (messageId: string, destination = 'flights') => ({ messageId, destination });
const back = (messageId: string, routingKey = 'flights') => ({ exchange: 'clew', routingKey, messageId });

/** A call, all of whose messages are written at once, and what it came to as ids, once it is settled. */
function send(window: ConfirmWindow, notes: Note[], now = 0) {
  let result: PublishResult<Note> | undefined;
  const call = new PublishCall(notes, writing, (settled) => (result = settled));
  notes.forEach((_, index) => window.sent(call as unknown as PublishCall, index, 10, now));
  call.next = notes.length;
  const ids = (list: Note[]) => list.map((each) => each.messageId).join(' ');
  return {
    call,
    outcome: () =>
      result && {
        confirmed: ids(result.confirmed),
        returned: ids(result.returned),
        failed: ids(result.failed),
      },
    result: () => result,
  };
}

describe('the window of unconfirmed messages', () => {
  it('settles a call when the last of its messages is confirmed, several at a time or singly', () => {
    const window = new ConfirmWindow();
    const first = send(window, [note('a'), note('b'), note('c')]);
    const second = send(window, [note('d')]);
    window.acked(2, true);
    expect(first.outcome()).toBeUndefined();
    window.acked(4, false);
    expect(second.outcome()).toEqual({ confirmed: 'd', returned: '', failed: '' });
    window.acked(3, false);
    expect(first.outcome()).toEqual({ confirmed: 'a b c', returned: '', failed: '' });
    expect(window.messages).toBe(0);
    expect(window.bytes).toBe(0);
  });

  it('hands back the very objects it was given', () => {
    const window = new ConfirmWindow();
    const mine = note('a');
    const { result } = send(window, [mine]);
    window.acked(1, false);
    expect(result()!.confirmed[0]).toBe(mine);
  });

  it('fails what the broker refuses', () => {
    const window = new ConfirmWindow();
    const { outcome } = send(window, [note('a'), note('b'), note('c')]);
    window.nacked(2, false);
    window.acked(3, true);
    expect(outcome()).toEqual({ confirmed: 'a c', returned: '', failed: 'b' });
  });

  it('takes a confirm that follows a return for what it is', () => {
    const window = new ConfirmWindow();
    const { outcome } = send(window, [note('a'), note('b', 'nowhere')]);
    expect(window.returned(back('b', 'nowhere'))).toBe(true);
    window.acked(2, true);
    expect(outcome()).toEqual({ confirmed: 'a', returned: 'b', failed: '' });
  });

  it('finds the right one of two messages with the same id by its destination', () => {
    const window = new ConfirmWindow();
    const known = send(window, [note('same', 'flights')]);
    const unknown = send(window, [note('same', 'nowhere')]);
    window.returned(back('same', 'nowhere'));
    window.acked(2, true);
    expect(known.outcome()).toMatchObject({ confirmed: 'same' });
    expect(unknown.outcome()).toMatchObject({ returned: 'same' });
  });

  it('returns as many copies of a message as came back', () => {
    const window = new ConfirmWindow();
    const { outcome } = send(window, [note('same'), note('same'), note('same')]);
    window.returned(back('same'));
    window.returned(back('same'));
    window.acked(3, true);
    expect(outcome()).toEqual({ confirmed: 'same', returned: 'same same', failed: '' });
  });

  it('passes over a return of something it does not know, or from another exchange', () => {
    const window = new ConfirmWindow();
    send(window, [note('a')]);
    expect(window.returned(back('b'))).toBe(false);
    expect(window.returned({ ...back('a'), exchange: 'other' })).toBe(false);
  });

  it('fails everything when abandoned, and ignores the confirms that come too late', () => {
    const window = new ConfirmWindow();
    const early = send(window, [note('a'), note('b')]);
    window.acked(1, false);
    window.abandon();
    expect(early.outcome()).toEqual({ confirmed: 'a', returned: '', failed: 'b' });
    const late = send(window, [note('c')]);
    window.acked(2, true);
    expect(late.outcome()).toBeUndefined();
    expect(window.messages).toBe(1);
    window.acked(3, false);
    expect(late.outcome()).toMatchObject({ confirmed: 'c' });
  });

  it('knows since when the oldest one waits', () => {
    const window = new ConfirmWindow();
    expect(window.oldestSentAt).toBeUndefined();
    send(window, [note('a')], 100);
    send(window, [note('b')], 200);
    expect(window.oldestSentAt).toBe(100);
    window.acked(1, false);
    expect(window.oldestSentAt).toBe(200);
  });

  it('numbers what was sent, not what was skipped', () => {
    const window = new ConfirmWindow();
    let result: PublishResult<Note> | undefined;
    const call = new PublishCall(
      [note('a'), note('bad'), note('c')],
      writing,
      (settled) => (result = settled),
    );
    window.sent(call as unknown as PublishCall, 0, 10, 0);
    call.settle(1, Outcome.failed);
    window.sent(call as unknown as PublishCall, 2, 10, 0);
    window.nacked(2, false);
    window.acked(1, false);
    expect(result).toEqual({ confirmed: [note('a')], returned: [], failed: [note('bad'), note('c')] });
  });

  it('agrees with a book that has a line for every message, whatever the broker answers in whatever order', () => {
    const answer = fc.record({
      tag: fc.integer({ min: 1, max: 60 }),
      multiple: fc.boolean(),
      nack: fc.boolean(),
      back: fc.boolean(),
    });
    const calls = fc.array(fc.record({ size: fc.integer({ min: 1, max: 9 }), now: fc.nat(2) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(calls, fc.array(answer, { maxLength: 60 }), (sizes, answers) => {
        const window = new ConfirmWindow();
        const lines: { id: string; fate: string }[] = [];
        const settled: PublishResult<Note>[] = [];
        for (const { size, now } of sizes) {
          const notes = Array.from({ length: size }, (_, i) => note(`${lines.length + i}`));
          notes.forEach(({ messageId }) => lines.push({ id: messageId, fate: 'open' }));
          const call = new PublishCall(notes, writing, (result) => settled.push(result));
          notes.forEach((_, index) => window.sent(call as unknown as PublishCall, index, 10, now));
        }
        for (const { tag, multiple, nack, back: comesBack } of answers) {
          if (tag > lines.length) continue;
          if (comesBack && lines[tag - 1]!.fate === 'open') {
            window.returned(back(lines[tag - 1]!.id));
            lines[tag - 1]!.fate = 'back';
          }
          for (let at = multiple ? 1 : tag; at <= tag; at += 1) {
            const line = lines[at - 1]!;
            if (line.fate !== 'open' && line.fate !== 'back') continue;
            line.fate = nack ? 'failed' : line.fate === 'back' ? 'returned' : 'confirmed';
          }
          if (nack) window.nacked(tag, multiple);
          else window.acked(tag, multiple);
        }
        expect(window.messages).toBe(lines.filter(({ fate }) => fate === 'open' || fate === 'back').length);
        window.abandon();
        expect(window.messages).toBe(0);
        expect(window.bytes).toBe(0);
        const fates = new Map<string, string>();
        for (const result of settled)
          for (const fate of ['confirmed', 'returned', 'failed'] as const)
            for (const { messageId } of result[fate]) fates.set(messageId, fate);
        for (const { id, fate } of lines)
          expect(fates.get(id)).toBe(fate === 'open' || fate === 'back' ? 'failed' : fate);
      }),
    );
  });
});
