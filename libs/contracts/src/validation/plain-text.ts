import { registerDecorator, type ValidationOptions } from 'class-validator';

// Control characters have no business in names, and PostgreSQL's jsonb refuses NUL and lone surrogates.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/** The same for JSON Schema, whose patterns know no exclusions but their own. */
const PLAIN = '^(?=.*\\S)[^\\u0000-\\u001f\\u007f\\p{Cs}]*$';

/** Text of 1 to `max` characters (UTF-16 units) with something visible in it: no control characters, well-formed Unicode. */
export function IsPlainText(max: number, options?: ValidationOptions): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isPlainText',
      target: target.constructor,
      propertyName: String(property),
      options: {
        message: `$property must be text of 1 to ${max} characters without control characters`,
        context: { schema: { type: 'string', minLength: 1, maxLength: max, pattern: PLAIN } },
        ...options,
      },
      validator: {
        validate: (value) =>
          typeof value === 'string' &&
          value.trim().length > 0 &&
          value.length <= max &&
          !CONTROL.test(value) &&
          value.isWellFormed(),
      },
    });
}
