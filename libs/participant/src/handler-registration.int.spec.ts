import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { CancelFlight, FlightCancelled } from '@clew/contracts';
import { tripBooking } from '@clew/trip-booking';
import { CommandHandler } from './index.js';
import { TestParticipants } from './test-participant.fixture.js';

describe('at the start of a participant', () => {
  let participants: TestParticipants;

  beforeAll(async () => {
    participants = await TestParticipants.create();
  });
  afterAll(() => participants.stop());

  it('a handler of another participant, or a second one, is refused at the start', async () => {
    class Foreign {
      static readonly type = 'hotels.reserve';
      static readonly reply = FlightCancelled;
    }
    @Controller()
    class ForeignController {
      @CommandHandler(Foreign)
      ask(): FlightCancelled {
        return {};
      }
    }
    @Controller()
    class DoubleController {
      @CommandHandler(CancelFlight)
      one(): FlightCancelled {
        return {};
      }
      @CommandHandler(CancelFlight)
      two(): FlightCancelled {
        return {};
      }
    }
    await expect(participants.start(ForeignController)).rejects.toThrow('would never be called');
    await expect(participants.start(DoubleController)).rejects.toThrow('Two handlers');
  });

  it('a step of a choreographed saga without a handler is refused, too', async () => {
    @Controller()
    class HalfController {
      @CommandHandler(CancelFlight)
      cancel(): FlightCancelled {
        return {};
      }
    }
    await expect(participants.start(HalfController, { choreographed: [tripBooking] })).rejects.toThrow(
      'No handler takes the command flights.reserve, which a choreographed saga needs.',
    );
  });
});
