import { describe, expect, it } from '@jest/globals';
import { Exclude, Expose, plainToInstance, Transform, Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsDate,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  validate,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import fc from 'fast-check';
import { Trip } from '@clew/contracts';
import { Acceptance } from './acceptance.js';

class Item {
  @IsString()
  @MaxLength(3)
  sku!: string;

  @IsInt()
  @Min(1)
  quantity!: number;
}

class Base {
  @IsOptional()
  @IsString({ each: true })
  labels?: string[];
}

class Order extends Base {
  @IsArray()
  @ArrayMinSize(1)
  @ValidateNested({ each: true })
  @Type(() => Item)
  items!: Item[];

  @ValidateNested()
  @Type(() => Item)
  first!: Item;

  @ValidateIf((order: Order) => order.labels !== undefined)
  @IsIn(['a', 'b'])
  kind?: string;

  @IsInt({ validateIf: (_order, value) => value !== 'none' })
  rank!: number | string;
}

const OPTIONS = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true };

async function isAcceptedByClassValidator(object: object): Promise<boolean> {
  return (await validate(object, OPTIONS)).length === 0;
}

/** Mostly right values with something wrong now and then, so that both verdicts are common. */
const mostly = <Value>(right: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: fc.jsonValue() });
const itemFields = { sku: mostly(fc.constantFrom('a', 'abc')), quantity: mostly(fc.integer({ min: 1 })) };
const item = fc.oneof(
  { weight: 12, arbitrary: fc.record(itemFields) },
  { weight: 1, arbitrary: fc.record({ ...itemFields, more: fc.constant(1) }) },
);
const items = mostly(fc.array(mostly(item), { minLength: 1, maxLength: 3 }));
const order = fc.record(
  {
    items,
    first: mostly(item),
    labels: mostly(fc.array(mostly(fc.string()), { maxLength: 3 })),
    kind: mostly(fc.constantFrom('a', 'b')),
    rank: mostly(fc.constantFrom(1, 'none')),
  },
  { requiredKeys: ['items', 'first', 'rank'] },
);
/** As it comes. */
const orderInJson = order.map((plain): unknown => JSON.parse(JSON.stringify(plain)));

describe('acceptance', () => {
  it('is certain of exactly what class-validator accepts', async () => {
    const acceptance = new Acceptance();
    const verdicts = { accepted: 0, refused: 0, made: 0 };
    await fc.assert(
      fc.asyncProperty(orderInJson, async (plain) => {
        const object = plainToInstance(Order, plain);
        const accepted = await isAcceptedByClassValidator(object);
        verdicts[accepted ? 'accepted' : 'refused'] += 1;
        expect(acceptance.isCertain(object)).toBe(accepted);
        const instance = acceptance.instanceOf(Order, plain);
        if (!instance) return;
        verdicts.made += 1;
        expect(accepted).toBe(true);
        expect(instance).toStrictEqual(object);
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(verdicts.refused, verdicts.made)).toBeGreaterThan(300);
    expect(verdicts.made / verdicts.accepted).toBeGreaterThan(0.95); // Not of objects that no class is named for.
  });

  it('is certain of a trip, and of none in which anything is of another type, missing or too much', async () => {
    const acceptance = new Acceptance();
    const trip = {
      traveller: { name: 'Ada Lovelace', email: 'ada@example.org' },
      flight: { flightNumber: 'CL1', date: '2027-05-01', seats: 1 },
      hotel: { hotelId: 'H1', checkIn: '2027-05-01', checkOut: '2027-05-04', rooms: 1 },
      car: { location: 'L1', carClass: 'ECONOMY', pickUp: '2027-05-01', dropOff: '2027-05-04' },
    };
    expect(acceptance.isCertain(plainToInstance(Trip, trip))).toBe(true);
    expect(acceptance.instanceOf(Trip, trip)).toStrictEqual(plainToInstance(Trip, trip));
    const paths = Object.entries(trip).flatMap(([part, fields]) => [
      [part],
      ...Object.keys(fields).map((field) => [part, field]),
    ]);
    for (const path of paths)
      for (const change of [undefined, null, '', 'x', 0, 1, [], {}, { x: 1 }, [1], true]) {
        const changed = JSON.parse(JSON.stringify(trip)) as Record<string, unknown>;
        const [last, ...way] = path.toReversed() as [string, ...string[]];
        const owner = way.reduce((object, key) => object[key] as Record<string, unknown>, changed);
        owner[last] = change;
        const object = plainToInstance(Trip, changed);
        const isAccepted = await isAcceptedByClassValidator(object);
        expect([path, change, acceptance.isCertain(object)]).toEqual([path, change, isAccepted]);
        expect(acceptance.instanceOf(Trip, changed)).toStrictEqual(isAccepted ? object : undefined);
      }
    expect(acceptance.isCertain(plainToInstance(Trip, { ...trip, more: 1 }))).toBe(false);
  });

  it('leaves to class-validator what has no rules, and rules that answer by a promise', async () => {
    class Empty {}
    class Patient {
      @ValidateBy({ name: 'patient', validator: { validate: () => Promise.resolve(true) } })
      field!: string;
    }
    const acceptance = new Acceptance();
    expect(acceptance.isCertain(new Empty())).toBe(false);
    expect(acceptance.isCertain(Object.assign(new Patient(), { field: 'x' }))).toBe(false);
    expect(acceptance.isCertain({ constructor: 'Order' })).toBe(false);
    expect(await isAcceptedByClassValidator(Object.assign(new Patient(), { field: 'x' }))).toBe(true);
  });

  describe('leaves it to class-transformer to make', () => {
    class Renamed {
      @Expose({ name: 'sku' })
      @IsString()
      field!: string;
    }
    class Hidden {
      @Exclude()
      @IsOptional()
      @IsString()
      field?: string;
    }
    class Converted {
      @Transform(({ value }) => String(value))
      @IsString()
      field!: string;
    }
    class Dated {
      @Type(() => Date)
      @IsDate()
      field!: Date;
    }
    class Computed {
      @IsOptional()
      @IsString()
      get field(): string {
        return 'computed';
      }
    }
    class Varying {
      @ValidateNested()
      @Type(() => Item, { discriminator: { property: 'kind', subTypes: [{ name: 'item', value: Item }] } })
      field!: Item;
    }
    class Collected {
      @IsOptional()
      @Type(() => Item)
      field!: Set<Item>;
    }
    class Untyped {
      @IsObject()
      field!: object;
    }
    it.each([
      [Renamed, { sku: 'a' }],
      [Hidden, { field: 'a' }],
      [Converted, { field: 1 }],
      [Dated, { field: '2027-05-01' }],
      [Computed, { field: 'a' }],
      [Varying, { field: { kind: 'item', sku: 'a', quantity: 1 } }],
      [Collected, { field: [{ sku: 'a', quantity: 1 }] }],
      [Untyped, { field: { any: 1 } }],
    ] as const)('%p', (constructor, plain) => {
      expect(new Acceptance().instanceOf(constructor, plain)).toBeUndefined();
    });

    it.each([
      ['no object', 'a'],
      ['nothing', null],
      ['an array', [{ sku: 'a', quantity: 1 }]],
      ['bytes', Buffer.from('a')],
      ['an object with a prototype of its own', Object.create({ sku: 'a' }, {}) as object],
      [
        'a prototype among the keys',
        JSON.parse('{ "sku": "a", "quantity": 1, "__proto__": { "x": 1 } }') as object,
      ],
      ['a gap', { sku: 'a', quantity: [1, , 2] }], // eslint-disable-line no-sparse-arrays
      ['a function', { sku: 'a', quantity: () => 1 }],
    ])('%s', (_what, plain) => {
      expect(new Acceptance().instanceOf(Item, plain)).toBeUndefined();
    });
  });
});
