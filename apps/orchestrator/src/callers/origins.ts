import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { registerDecorator } from 'class-validator';

/** An environment variable that lists origins of web pages, separated by commas. */
export function Origins(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.split(',').map((origin) => origin.trim()) : value,
    ),
    (target: object, property: string | symbol) =>
      registerDecorator({
        name: 'origins',
        target: target.constructor,
        propertyName: String(property),
        options: { message: 'must be origins, like https://app.example.org, separated by commas' },
        validator: { validate: (value: readonly string[]) => value.every(isOrigin) },
      }),
  );
}

/** As a browser writes it: lower-case, without a path, and without the port that everybody means. */
function isOrigin(text: string): boolean {
  // A star would be a name like any other to a URL.
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
