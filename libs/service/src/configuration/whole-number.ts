import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** An environment variable that is a whole number, written in digits. */
export function WholeNumber({ min, max }: { min: number; max: number }): PropertyDecorator {
  const message = ({ value }: { value: unknown }) =>
    `must be a whole number from ${min} to ${max}, but is ${JSON.stringify(value)}`;
  return applyDecorators(
    // Number() takes '0x10', '1e3' and ' 7 ' too, which nobody means.
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}
