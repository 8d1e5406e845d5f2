import { describe, expect, it } from '@jest/globals';
import { strictValidationPipe, type ProblemException } from '@clew/service';
import { BookTripRequest } from './book-trip.request.dto.js';

type Json = Record<string, unknown>;

const pipe = strictValidationPipe();
const validate = (body: unknown) => pipe.transform(body, { type: 'body', metatype: BookTripRequest });

function request(change: (body: Record<string, Json>) => void = () => {}): Json {
  const body = {
    traveller: { name: 'Ada Lovelace', email: 'ada@example.org' },
    flight: { flightNumber: 'CL100', date: '2027-05-01', seats: 1 },
    hotel: { hotelId: 'HOTEL-1', checkIn: '2027-05-01', checkOut: '2027-05-04', rooms: 1 },
    car: { location: 'JFK', carClass: 'compact', pickUp: '2027-05-01', dropOff: '2027-05-04' },
  };
  change(body);
  return body;
}

/** The fields that a body is refused for. */
async function wrongFieldsOf(body: unknown): Promise<string[]> {
  const problem = await validate(body).then(
    () => undefined,
    (error: ProblemException) => error.problem,
  );
  expect(problem).toMatchObject({ type: 'urn:clew:problem:validation', status: 400 });
  return [...new Set(problem?.errors?.map(({ field }) => field))];
}

describe('a request to book a trip', () => {
  it('is taken as it is', async () => {
    expect(await validate(request())).toEqual(request());
  });

  it('may name its coordination', async () => {
    const body = { ...request(), coordination: 'orchestration' };
    expect(await validate(body)).toEqual(body);
  });

  it('may bring the car back on the day it is picked up', async () => {
    const body = request(({ car }) => (car!.dropOff = car!.pickUp));
    expect(await validate(body)).toEqual(body);
  });

  const wrongValues: [field: string, values: unknown[]][] = [
    ['traveller', [undefined, null, 'Ada', 1, true, [], [{}]]],
    [
      'traveller.name',
      [undefined, null, '', '  ', 1, [], ['Ada'], { not: '' }, 'a\u0000b', '\ud800', 'x'.repeat(201)],
    ],
    [
      'traveller.email',
      [
        undefined,
        null,
        '',
        'ada',
        1,
        [],
        ['ada@example.org'],
        { not: '' },
        'a\u0000@example.org',
        '\ud800@example.org',
      ],
    ],
    ['flight', [undefined, null, 'CL100', 1, true, [], [{}]]],
    [
      'flight.flightNumber',
      [undefined, null, '', 1, [], ['CL100'], { not: '' }, 'CL\u0000', '\udfff', 'C'.repeat(21)],
    ],
    [
      'flight.date',
      [
        undefined,
        null,
        '',
        1,
        [],
        ['2027-05-01'],
        { not: '' },
        '2027-02-30',
        '2027-5-1',
        '2027-05-01T00:00:00Z',
      ],
    ],
    ['flight.seats', [undefined, null, 0, -1, 1.5, '1', 100_000, Infinity, true, [], [1], { not: '' }]],
    ['hotel', [undefined, null, 'HOTEL-1', [], [{}]]],
    ['hotel.hotelId', [undefined, null, '', 1, [], { not: '' }]],
    ['hotel.checkIn', [undefined, null, '2027-13-01', 1, [], { not: '' }]],
    [
      'hotel.checkOut',
      [undefined, null, '2027-05-01', '2027-04-30', '2029-05-01', '2027-02-29', [], { not: '' }],
    ],
    ['hotel.rooms', [undefined, null, 0, -1, 1.5, '1', 100_000, [], { not: '' }]],
    ['car', [undefined, null, 'JFK', [], [{}]]],
    ['car.location', [undefined, null, '', 1, [], { not: '' }]],
    ['car.carClass', [undefined, null, '', 1, [], { not: '' }]],
    ['car.pickUp', [undefined, null, '2027-00-01', 1, [], { not: '' }]],
    ['car.dropOff', [undefined, null, '2027-04-30', '2027-06-31', [], { not: '' }]],
    ['coordination', [null, '', 'anarchy', 1, [], ['orchestration'], { not: '' }]],
  ];

  it.each(wrongValues.flatMap(([field, values]) => values.map((value) => [field, value] as const)))(
    'is refused for %s = %j',
    async (field, value) => {
      const [part, name] = field.split('.') as [string, string?];
      const body = request((whole: Json) => {
        if (name) (whole[part] as Json)[name] = value;
        else whole[part] = value;
      });
      const wrong = await wrongFieldsOf(body);
      expect(wrong.length).toBeGreaterThan(0);
      for (const path of wrong) expect(path === field || path.startsWith(`${field}.`)).toBe(true);
    },
  );

  it.each(['extra', 'traveller.extra', 'flight.extra', 'hotel.extra', 'car.extra'])(
    'is refused for the unknown field %s',
    async (field) => {
      const [part, name] = field.split('.') as [string, string?];
      const body = request((whole: Json) => {
        if (name) (whole[part] as Json)[name] = 1;
        else whole[part] = 1;
      });
      expect(await wrongFieldsOf(body)).toEqual([field]);
    },
  );

  it.each([undefined, null, '', 'text', 1, true, [], [request()], {}])(
    'is refused when it is %j',
    async (body) => {
      expect((await wrongFieldsOf(body)).length).toBeGreaterThan(0);
    },
  );

  it('is refused for a key that reaches the prototype', async () => {
    expect(await wrongFieldsOf(JSON.parse('{"__proto__": {"a": 1}}'))).toEqual(['__proto__']);
  });

  it('is told every rule it breaks, in the order of declaration, one entry each', async () => {
    const error: ProblemException = await validate(request(({ flight }) => (flight!.seats = 'x'))).catch(
      (caught: ProblemException) => caught,
    );
    expect(error.problem.errors).toEqual([
      { field: 'flight.seats', message: 'seats must be an integer number' },
      { field: 'flight.seats', message: 'seats must not be less than 1' },
      { field: 'flight.seats', message: 'seats must not be greater than 500' },
    ]);
  });
});
