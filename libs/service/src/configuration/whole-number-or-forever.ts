import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { registerDecorator } from 'class-validator';

/** An environment variable that is a duration as a whole number, written in digits, or the word `forever`: `Infinity`. */
export function WholeNumberOrForever({ min, max }: { min: number; max: number }): PropertyDecorator {
  const isValid = (value: unknown) =>
    value === Infinity || (Number.isInteger(value) && Number(value) >= min && Number(value) <= max);
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => {
      if (value === 'forever') return Infinity;
      return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    }),
    (target: object, property: string | symbol) =>
      registerDecorator({
        name: 'wholeNumberOrForever',
        target: target.constructor,
        propertyName: String(property),
        options: {
          message: ({ value }) =>
            `must be a whole number from ${min} to ${max}, or forever, but is ${JSON.stringify(value)}`,
        },
        validator: { validate: isValid },
      }),
  );
}
