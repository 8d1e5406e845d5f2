/**
 * A program of somebody who has nothing but the gateway's OpenAPI document: it follows one booking to its end, and cancels
 * another. `./client` is generated from the document when the test runs, and this is compiled with it.
 *
 *   node books-a-trip.mjs <url of the gateway>
 */
import { client } from './client/client.gen.js';
import {
  bookTrip,
  cancelBooking,
  followBooking,
  getBooking,
  getBookingHistory,
  listBookings,
  type BookTripRequest,
} from './client/index.js';

client.setConfig({ baseUrl: process.argv[2] });

const trip: BookTripRequest = {
  traveller: { name: 'Ada Lovelace', email: 'ada@example.org' },
  flight: { flightNumber: 'CL100', date: '2027-05-01', seats: 1 },
  hotel: { hotelId: 'HOTEL-1', checkIn: '2027-05-01', checkOut: '2027-05-04', rooms: 1 },
  car: { location: 'JFK', carClass: 'compact', pickUp: '2027-05-01', dropOff: '2027-05-04' },
};

const booked = await bookTrip({ body: trip, throwOnError: true });
const path = { id: booked.data.id };
const events: unknown[] = [];
for await (const event of (await followBooking({ path })).stream) events.push(event);
const ended = await getBooking({ path, throwOnError: true });
const history = await getBookingHistory({ path, throwOnError: true });
const list = await listBookings({ query: { status: 'COMPLETED', email: 'ada@example.org' } });
const late = await cancelBooking({ path, body: {} });
const refused = await bookTrip({ body: { ...trip, flight: { ...trip.flight, seats: 0 } } });
const another = await bookTrip({ body: trip, headers: { Prefer: 'wait=0' }, throwOnError: true });
const cancelled = await cancelBooking({ path: { id: another.data.id }, body: { reason: 'A better offer' } });

console.log(
  JSON.stringify({
    booked: booked.response.status,
    ended: ended.data.status,
    steps: ended.data.steps.map(({ name, status }) => `${name} ${status}`),
    transitions: history.data.items.length,
    events: events.length,
    listed: list.data?.items.map(({ id }) => id === path.id),
    late: late.error && 'detail' in late.error ? late.error.status : late.response?.status,
    refused: refused.error?.errors?.map(({ field }) => field),
    cancelled: cancelled.response?.status,
  }),
);
