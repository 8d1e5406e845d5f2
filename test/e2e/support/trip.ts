export type Coordination = 'orchestration' | 'choreography';

/** The body of `POST /bookings`. */
export interface Trip {
  traveller: { name: string; email: string };
  flight: { flightNumber: string; date: string; seats: number };
  hotel: { hotelId: string; checkIn: string; checkOut: string; rooms: number };
  car: { location: string; carClass: string; pickUp: string; dropOff: string };
  coordination?: Coordination;
}

export type TripChanges = { [Part in Exclude<keyof Trip, 'coordination'>]?: Partial<Trip[Part]> } & {
  coordination?: Coordination;
};

/** The request of the README, with some fields changed. */
export function trip(changes: TripChanges = {}): Trip {
  return {
    traveller: { name: 'Ada Lovelace', email: 'ada@example.org', ...(changes.traveller as object) },
    flight: { flightNumber: 'CL100', date: '2027-05-01', seats: 1, ...changes.flight },
    hotel: { hotelId: 'HOTEL-1', checkIn: '2027-05-01', checkOut: '2027-05-04', rooms: 1, ...changes.hotel },
    car: {
      location: 'JFK',
      carClass: 'compact',
      pickUp: '2027-05-01',
      dropOff: '2027-05-04',
      ...changes.car,
    },
    ...(changes.coordination && { coordination: changes.coordination }),
  };
}

const locations = ['AMS', 'BER', 'CDG', 'IST', 'JFK', 'LHR', 'MAD', 'SVO', 'TBS', 'YYZ'];
const carClasses = ['compact', 'estate', 'van'];

/** So many trips that all want the same flight, with hotels and cars spread so that there is enough of both. */
export function tripsOnOneFlight(count: number, changes: TripChanges = {}): Trip[] {
  return Array.from({ length: count }, (_, n) =>
    trip({
      ...changes,
      hotel: { hotelId: `HOTEL-${1 + (n % 50)}`, ...changes.hotel },
      car: {
        location: locations[n % locations.length],
        carClass: carClasses[Math.floor(n / locations.length) % carClasses.length],
        ...changes.car,
      },
    }),
  );
}

/** The n-th of up to half a million trips that leave enough for each other: eight hundred a day, and cars are out for two. */
export function tripOfMany(n: number): Trip {
  const day = (after: number) =>
    new Date(Date.UTC(2027, 0, 1 + Math.floor(n / 800) + after)).toISOString().slice(0, 10);
  return trip({
    flight: { flightNumber: `CL${100 + (n % 50)}`, date: day(0) },
    hotel: { hotelId: `HOTEL-${1 + (n % 50)}`, checkIn: day(0), checkOut: day(1) },
    car: {
      location: locations[n % locations.length],
      carClass: carClasses[Math.floor(n / locations.length) % carClasses.length],
      pickUp: day(0),
      dropOff: day(1),
    },
  });
}
