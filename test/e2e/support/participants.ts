import type { ParticipantName } from './app-process.js';
import type { RunningSystem } from './running-system.js';
import type { Trip } from './trip.js';

export interface Availability {
  readonly capacity: number;
  readonly reserved: number;
  readonly available: number;
}

/** What each participant says about its reservation for a booking: the status, or its answer's code if there is none. */
export async function reservationsOf(
  system: RunningSystem,
  bookingId: string,
): Promise<Record<ParticipantName, string | number>> {
  const ask = async (participant: ParticipantName): Promise<string | number> => {
    const response = await system.ask(participant, `/reservations/${bookingId}`);
    if (!response.ok) return response.status;
    const told = (await response.json()) as { bookingId: string; status: string };
    if (told.bookingId !== bookingId) throw new Error(`${participant} spoke of ${told.bookingId}`);
    return told.status;
  };
  const [flights, hotels, cars] = await Promise.all([ask('flights'), ask('hotels'), ask('cars')]);
  return { flights, hotels, cars };
}

/** What is free of everything that a trip needs. */
export async function availabilityFor(
  system: RunningSystem,
  { flight, hotel, car }: Trip,
): Promise<Record<ParticipantName, Availability>> {
  const ask = async (participant: ParticipantName, query: Record<string, string>): Promise<Availability> => {
    const response = await system.ask(participant, `/availability?${new URLSearchParams(query).toString()}`);
    if (!response.ok) throw new Error(`${participant}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Availability;
  };
  const { flightNumber, date } = flight;
  const { hotelId, checkIn, checkOut } = hotel;
  const { location, carClass, pickUp, dropOff } = car;
  const [flights, hotels, cars] = await Promise.all([
    ask('flights', { flightNumber, date }),
    ask('hotels', { hotelId, checkIn, checkOut }),
    ask('cars', { location, carClass, pickUp, dropOff }),
  ]);
  return { flights, hotels, cars };
}
