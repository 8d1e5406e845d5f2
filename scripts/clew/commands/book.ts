import { setTimeout as delay } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { HttpApi } from '../http-api.js';
import type { Saga } from '../saga.js';
import { stepLines } from '../timeline.js';
import type { Run } from './run.js';

interface BookOptions {
  readonly traveller: string;
  readonly email: string;
  readonly flight: string;
  readonly seats: number;
  readonly hotel: string;
  readonly rooms: number;
  readonly location: string;
  readonly car: string;
  readonly date: string;
  readonly nights: number;
  readonly choreography?: boolean;
  readonly wait?: true | number;
}

const DEFAULT_WAIT_S = 30;
const LOOK_EVERY_MS = 100;

/** `clew book`: books a trip, and with `--wait` says what came of it. */
export function bookCommand(run: Run): Command {
  const command = new Command('book')
    .description('book a trip')
    .option('--traveller <name>', 'who travels', 'Ada Lovelace')
    .option('--email <address>', 'where to reach them', 'ada@example.org')
    .option('--flight <number>', 'CL100 to CL149, or CL404, which is sold out', 'CL100')
    .option('--seats <count>', 'seats', wholeNumber, 1)
    .option('--hotel <id>', 'HOTEL-1 to HOTEL-50, or GRAND-FULL, which is full', 'HOTEL-1')
    .option('--rooms <count>', 'rooms', wholeNumber, 1)
    .option('--location <code>', 'where the car is', 'JFK')
    .option('--car <class>', 'compact, estate, van, or limousine, of which there is none', 'compact')
    .option('--date <day>', 'day of the flight, check-in and pick-up', '2027-05-01')
    .option('--nights <count>', 'nights', wholeNumber, 3)
    .option('--choreography', 'let the participants move it on by themselves')
    .option('--wait [seconds]', `wait for its end, ${DEFAULT_WAIT_S} s if not said`, wholeNumber);
  return command.action(
    run(async ({ gateway, terminal }) => {
      const options = command.opts<BookOptions>();
      const begun = await gateway.post<Saga>('/bookings', requestOf(options));
      const { wait } = options;
      const seconds = wait === true ? DEFAULT_WAIT_S : (wait ?? 0);
      const booking = seconds > 0 ? await untilEnded(gateway, begun, seconds) : begun;
      const { id, status, failure } = booking;
      terminal.print(booking, [
        `Booking ${id} is ${status}${failure ? `: ${failure.message} (${failure.code})` : ''}`,
        ...(wait ? stepLines(booking) : [`npm run clew -- show ${id}`]),
      ]);
      if (!wait || status === 'COMPLETED') return 0;
      terminal.say(
        failure
          ? `It was not booked: ${failure.code}.`
          : `It hasn't ended after ${seconds} s: look at it with "show ${id}".`,
      );
      return 1;
    }),
  );
}

function requestOf(options: BookOptions): object {
  const { date } = options;
  const end = dayAfter(date, options.nights);
  return {
    traveller: { name: options.traveller, email: options.email },
    flight: { flightNumber: options.flight, date, seats: options.seats },
    hotel: { hotelId: options.hotel, checkIn: date, checkOut: end, rooms: options.rooms },
    car: { location: options.location, carClass: options.car, pickUp: date, dropOff: end },
    ...(options.choreography && { coordination: 'choreography' }),
  };
}

/** What isn't a day is sent as it is: the gateway says what is wrong with it. */
function dayAfter(date: string, days: number): string {
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(time) ? date : new Date(time + days * 86_400_000).toISOString().slice(0, 10);
}

async function untilEnded(gateway: HttpApi, begun: Saga, seconds: number): Promise<Saga> {
  const giveUpAt = performance.now() + seconds * 1_000;
  for (;;) {
    const booking = await gateway.get<Saga>(`/bookings/${begun.id}`);
    if (booking.endedAt || booking.status === 'STUCK' || performance.now() > giveUpAt) return booking;
    await delay(LOOK_EVERY_MS);
  }
}

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number from 1.');
  return Number(text);
}
