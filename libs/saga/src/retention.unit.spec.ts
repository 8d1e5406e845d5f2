import { describe, expect, it } from '@jest/globals';
import { rabbitmq } from '@clew/rabbitmq';
import { Orchestrator } from './orchestrator.js';
import { retentionOf } from './retention.js';

describe('the retention of sagas', () => {
  it('is 30 days unless said otherwise, and may be for ever', () => {
    expect(retentionOf()).toBe(2_592_000_000);
    expect(retentionOf(172_800_000)).toBe(172_800_000);
    expect(retentionOf(Infinity)).toBe(Infinity);
  });

  it.each([172_799_999, 0, -1, NaN])('is refused with a sentence when it is %p', (retentionMs) => {
    const sentence = `Sagas must be kept for 172800000 ms (two days) at least after their end, not for ${retentionMs} ms`;
    expect(() => retentionOf(retentionMs)).toThrow(
      new RangeError(`${sentence}: their participants forget them \
at the same time, and a command may come a day late.`),
    );
  });

  it('is checked before an orchestrator does anything', () => {
    const options = {
      name: 'o',
      broker: rabbitmq({ url: 'amqp://127.0.0.1:1', namespace: 'n' }),
      database: {} as never,
    };
    const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };
    expect(() => new Orchestrator({ ...options, retentionMs: 3_600_000 }, [], quiet)).toThrow(
      'Sagas must be kept for',
    );
  });
});
