import { registerDecorator, type ValidationOptions } from 'class-validator';

// PostgreSQL has no year 0.
const DATE = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

/** Whether the text is a day that exists, written `YYYY-MM-DD`. */
export function isCalendarDate(value: unknown): value is string {
  if (typeof value !== 'string' || !DATE.test(value)) return false;
  // February 30th is read as a day in March; what isn't read at all has no day.
  return new Date(`${value}T00:00:00Z`).getUTCDate() === Number(value.slice(8));
}

/** Days from one calendar date to another; negative when `to` is the earlier one. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

/** So many days from one on, each written `YYYY-MM-DD`. */
export function daysFrom(first: string, count: number): string[] {
  const start = Date.parse(`${first}T00:00:00Z`);
  return Array.from({ length: count }, (_, day) =>
    new Date(start + day * 86_400_000).toISOString().slice(0, 10),
  );
}

/** A day that exists, written `YYYY-MM-DD`: refuses times, February 30th and the like. */
export function IsCalendarDate(options?: ValidationOptions): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isCalendarDate',
      target: target.constructor,
      propertyName: String(property),
      options: {
        message: '$property must be an existing day, written YYYY-MM-DD',
        context: { schema: { type: 'string', format: 'date', pattern: DATE.source } },
        ...options,
      },
      validator: { validate: isCalendarDate },
    });
}

/**
 * The end of a period: between `min` and `max` days after the date in the property `start` of the same object.
 * Says nothing while either date is itself invalid, as that is reported on its own.
 */
export function IsDaysAfter(
  start: string,
  { min, max }: { min: number; max: number },
  options?: ValidationOptions,
): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isDaysAfter',
      target: target.constructor,
      propertyName: String(property),
      options: {
        message: `$property must lie ${min} to ${max} days after ${start}`,
        ...options,
      },
      validator: {
        validate(end, args) {
          const from = (args?.object as Record<string, unknown>)[start];
          if (!isCalendarDate(from) || !isCalendarDate(end)) return true;
          const days = daysBetween(from, end);
          return days >= min && days <= max;
        },
      },
    });
}
