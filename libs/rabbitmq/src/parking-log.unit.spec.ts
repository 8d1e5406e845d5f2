import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ParkingLog } from './parking-log.js';

describe('the log of parked messages', () => {
  const queue = 'flights.commands';
  let said: string[];
  let log: ParkingLog;

  beforeEach(() => {
    jest.useFakeTimers();
    said = [];
    log = new ParkingLog({ log: () => {}, warn: () => {}, error: (text) => said.push(text) }, 1_000);
  });
  afterEach(() => {
    log.close();
    jest.useRealTimers();
  });

  it('names queue, type, id and reason of the first at once', () => {
    log.parked({ queue, type: 'flights.paint', messageId: 'm' }, 'no handler');
    expect(said).toEqual(['Parked a message of flights.commands (flights.paint, m): no handler']);
  });

  it('sums up those that follow within the period, when it is over', () => {
    for (const messageId of ['a', 'b', 'c', 'd']) log.parked({ queue, type: 't', messageId }, 'why');
    expect(said).toHaveLength(1);
    jest.advanceTimersByTime(1_000);
    expect(said.slice(1)).toEqual(['Parked 3 messages of flights.commands, the last (t, d): why']);
    jest.advanceTimersByTime(10_000);
    expect(said).toHaveLength(2);
    log.parked({ queue }, 'empty');
    expect(said[2]).toBe('Parked a message of flights.commands (without type, without id): empty');
  });

  it('holds nothing back when it is closed', () => {
    for (const messageId of ['a', 'b']) log.parked({ queue, type: 't', messageId }, 'why');
    log.close();
    expect(said).toHaveLength(2);
    expect(jest.getTimerCount()).toBe(0);
  });
});
