import { describe, expect, it } from '@jest/globals';
import { ListenerMetadataExplorer } from '@nestjs/microservices/listener-metadata-explorer.js';
import { MetadataScanner } from '@nestjs/core';
import { CancelFlight, FlightReserved, ReserveFlight } from '@clew/contracts';
import { of } from 'rxjs';
import { CommandHandler } from './index.js';

class Handlers {
  @CommandHandler(ReserveFlight)
  value(): FlightReserved {
    return { reservationId: 'r1' };
  }
  @CommandHandler(ReserveFlight)
  promise() {
    return Promise.resolve({ reservationId: 'r1' });
  }
  @CommandHandler(ReserveFlight)
  observable() {
    return of({ reservationId: 'r1' });
  }
  @CommandHandler(CancelFlight)
  async nothing(): Promise<void> {}

  // @ts-expect-error: the reply has no reservation id
  @CommandHandler(ReserveFlight)
  wrongReply() {
    return Promise.resolve({ reserved: true });
  }
}

describe('@CommandHandler', () => {
  it('makes each method the handler of its command', () => {
    const found = new ListenerMetadataExplorer(new MetadataScanner()).explore(new Handlers());
    const patterns = found.map(({ methodKey, patterns: [pattern] }) => [methodKey, pattern]);
    expect(Object.fromEntries(patterns)).toEqual({
      value: 'flights.reserve',
      promise: 'flights.reserve',
      observable: 'flights.reserve',
      nothing: 'flights.cancel',
      wrongReply: 'flights.reserve',
    });
  });
});
