import { describe, expect, it } from '@jest/globals';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min, ValidateBy } from 'class-validator';
import { fieldWithRules, withRules } from './described-rules.js';
import { exampleOf } from './example-of.js';
import { hasRules, schemaOfRules } from './schema-of-rules.js';

const validator = { validate: () => true };

class Named {
  @Matches(/^[a-z]+$/)
  name!: string;
}

class Thing extends Named {
  @IsInt()
  @Min(1)
  @Max(9)
  count!: number;

  @IsOptional()
  @IsIn(['red', 'blue'])
  colour?: string;

  @IsString({ each: true })
  @Length(1, 5, { each: true })
  tags!: string[];

  @ValidateBy({ name: 'even', validator }, { context: { schema: { multipleOf: 2 } } })
  even!: number;

  @ValidateBy({ name: 'fitsTheOthers', validator })
  other!: unknown;

  unruled!: string;
}

describe('the rules of a class', () => {
  it('are a schema of its fields, those of its base class too', () => {
    const { properties, required } = schemaOfRules(Thing);
    expect(properties).toEqual({
      name: { type: 'string', pattern: '^[a-z]+$' },
      count: { type: 'integer', minimum: 1, maximum: 9 },
      colour: { enum: ['red', 'blue'] },
      tags: { items: { type: 'string', minLength: 1, maxLength: 5 } },
      even: { multipleOf: 2 },
      other: {},
    });
    expect([...required].sort()).toEqual(['count', 'even', 'name', 'other', 'tags']);
  });

  it('are none where a class has none', () => {
    expect([hasRules(Thing), hasRules(Named), hasRules(class {}), hasRules(Object)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('are joined to a description, which tells more where a text is read as something else', () => {
    expect(withRules({ properties: { name: { description: 'Its name.' } } }, Named)).toEqual({
      type: 'object',
      properties: { name: { type: 'string', pattern: '^[a-z]+$', description: 'Its name.' } },
      required: ['name'],
      additionalProperties: false,
    });
    expect(fieldWithRules({ type: 'integer' }, { type: 'string', pattern: '^\\d+$' })).toEqual({
      type: 'integer',
    });
    expect(fieldWithRules({ $ref: '#/x' }, { type: 'object' })).toEqual({ $ref: '#/x' });
  });
});

describe('an example', () => {
  const schemas = { Name: { type: 'string', examples: ['Ada'] } };

  it('is made of those of the parts', () => {
    const person = {
      properties: {
        name: { $ref: '#/components/schemas/Name' },
        friends: { type: 'array', items: { $ref: '#/components/schemas/Name' } },
        nick: { type: 'string', examples: ['A'] },
        age: { type: 'integer' },
      },
      required: ['name', 'friends'],
    };
    expect(exampleOf(person, schemas)).toEqual({ name: 'Ada', friends: ['Ada'], nick: 'A' });
  });

  it('is left out with a part that may be, and has none of its own', () => {
    const properties = { name: { $ref: '#/components/schemas/Name' } };
    expect(exampleOf({ properties, required: [] }, schemas)).toEqual({});
    expect(exampleOf({ type: 'string' }, schemas)).toBeUndefined();
  });
});
