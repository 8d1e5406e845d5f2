/** A message that doesn't keep to the wire contract. It can never be handled, so it is parked. */
export class EnvelopeError extends Error {
  readonly code = 'MALFORMED_MESSAGE';
  override readonly name = 'EnvelopeError';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function readText(value: unknown, field: string): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= 255) {
    // PostgreSQL stores any character but this one, and would refuse the whole batch for it.
    if (!value.includes('\0')) return value;
    throw new EnvelopeError(`${field} contains a NUL character`);
  }
  throw new EnvelopeError(`${field} is missing or not a text of 1 to 255 characters`);
}

export function readUuid(value: unknown, field: string): string {
  if (typeof value === 'string' && UUID.test(value)) return value;
  throw new EnvelopeError(`${field} is missing or not a UUID in lower case`);
}

export function readInteger(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  throw new EnvelopeError(`${field} is missing or not a whole number from 0`);
}

export function readDirection(headers: Readonly<Record<string, unknown>>): 'action' | 'compensation' {
  if (headers.direction === 'action' || headers.direction === 'compensation') return headers.direction;
  throw new EnvelopeError('header direction is neither "action" nor "compensation"');
}
