import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { registerDecorator } from 'class-validator';
import { readApiKeys } from './api-key.js';

/** An environment variable that lists API keys by their hashes. */
export function ApiKeys(): PropertyDecorator {
  return applyDecorators(
    // What can't be read becomes the reason.
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? readApiKeys(value) : value)),
    (target: object, property: string | symbol) =>
      registerDecorator({
        name: 'apiKeys',
        target: target.constructor,
        propertyName: String(property),
        options: { message: ({ value }) => String(value) },
        validator: { validate: Array.isArray },
      }),
  );
}
