import { trip } from './trip.js';

export interface BadRequest {
  readonly what: string;
  readonly body: unknown;
  /** Fields that the answer has to name; none where the parser itself refuses the body. */
  readonly fields: readonly string[];
}

/** The good request with one place changed: `at('flight.seats', 0)`; `undefined` takes the place away. */
function at(path: string, value: unknown): unknown {
  const request = structuredClone(trip()) as unknown as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop()!;
  const parent = names.reduce((object, name) => object[name] as Record<string, unknown>, request);
  parent[last] = value;
  return request;
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

const wrongValues: readonly (readonly [path: string, ...values: unknown[]])[] = [
  ['traveller', undefined, null, 'Ada', 7, [], [trip().traveller], {}],
  ['traveller.name', undefined, null, '', '   ', 7, { not: '' }, ['Ada'], 'a'.repeat(201)],
  ['traveller.name', 'NUL \u0000', 'half a pair \ud83d', 'line\nbreak'],
  ['traveller.email', undefined, null, '', 'ada', 'ada@', { not: '' }, 'a\u0000@example.org'],
  ['flight', undefined, null, true, 'CL100', [], [trip().flight], {}],
  ['flight.flightNumber', undefined, null, '', 100, { not: '' }, 'CL 100', "CL100'; --", 'C'.repeat(21)],
  ['flight.flightNumber', 'CL\u0000100', '\udc00', ['CL100']],
  ['flight.date', undefined, null, '', 20270501, { not: '' }, '2027-02-30', '2027-13-01', '2027-5-1'],
  ['flight.date', '01.05.2027', '2027-05-01T00:00:00Z', '+002027-05-01', '0000-00-00', 'tomorrow'],
  ['flight.seats', undefined, null, 0, -1, 1.5, '1', true, [1], { not: '' }, 100_000, 1e308],
  ['hotel', undefined, null, 1, 'HOTEL-1', [], [trip().hotel], {}],
  ['hotel.hotelId', undefined, null, '', 1, { not: '' }, 'H'.repeat(41), 'HOTEL\u00001'],
  ['hotel.checkIn', undefined, null, '2027-02-29', { not: '' }],
  ['hotel.checkOut', undefined, null, '2027-04-31', { not: '' }, '2027-05-01', '2027-04-30', '2999-01-01'],
  ['hotel.rooms', undefined, null, 0, -3, 0.5, '2', 100_000, { not: '' }],
  ['car', undefined, null, [], [trip().car], {}],
  ['car.location', undefined, null, '', { not: '' }, 'J\u0000FK'],
  ['car.carClass', undefined, null, '', { not: '' }, ['compact']],
  ['car.pickUp', undefined, null, '2027-06-31', { not: '' }],
  ['car.dropOff', undefined, null, '2027-04-30', { not: '' }, '2999-01-01'],
  ['coordination', null, '', 'telepathy', 1, { not: '' }, ['orchestration']],
  ['extra', 1, null, {}],
  ['traveller.admin', true],
  ['flight.price', 0],
  ['hotel.stars', 5],
  ['car.colour', 'red'],
];

/** An unfit part is named itself, an empty one by what it lacks. */
function fieldsFor(path: string, value: unknown): string[] {
  const isEmptyObject = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  if (!isEmptyObject || Array.isArray(value) || path === 'extra') return [path];
  const part = trip()[path as 'flight'];
  return Object.keys(part).map((name) => `${path}.${name}`);
}

/** Bodies that are JSON and no booking. */
export const badRequests: readonly BadRequest[] = [
  ...wrongValues.flatMap(([path, ...values]) =>
    values.map((value) => ({
      what: `${shown(value).slice(0, 40)} as ${path}`,
      body: at(path, value),
      fields: fieldsFor(path, value),
    })),
  ),
  { what: 'nothing but braces', body: '{}', fields: ['traveller', 'flight', 'hotel', 'car'] },
  {
    what: '__proto__ in the request',
    body: JSON.stringify(trip()).replace('{', '{"__proto__":{"admin":true},'),
    fields: [],
  },
  {
    what: '__proto__ in a part',
    body: JSON.stringify(trip()).replace('"flight":{', '"flight":{"__proto__":{"seats":1},'),
    fields: [],
  },
  {
    what: 'constructor in a part',
    body: JSON.stringify(trip()).replace('"flight":{', '"flight":{"constructor":{"prototype":{"x":1}},'),
    fields: [],
  },
  {
    what: 'several faults at once',
    body: at('flight', { seats: 0, date: 'x' }),
    fields: ['flight.flightNumber', 'flight.date', 'flight.seats'],
  },
];

/** Bodies that aren't the JSON of an object. */
export const brokenBodies: readonly { readonly what: string; readonly body: string }[] = [
  { what: 'no body', body: '' },
  { what: 'half an object', body: '{"traveller":' },
  { what: 'no JSON', body: 'flight=CL100' },
  { what: 'null', body: 'null' },
  { what: 'an array', body: '[]' },
  { what: 'an array of bookings', body: JSON.stringify([trip()]) },
  { what: 'a number', body: '7' },
  { what: 'a text', body: '"CL100"' },
  { what: 'true', body: 'true' },
  { what: 'a NUL byte', body: '\u0000' },
  { what: 'two objects', body: '{}{}' },
  { what: 'deep nesting', body: '['.repeat(20_000) },
];
