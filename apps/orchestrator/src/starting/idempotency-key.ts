import { createHash } from 'node:crypto';
import { invalid } from '@clew/service';

/** Visible ASCII, with or without the quotes of a structured field. */
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,200})"|([\x21\x23-\x5b\x5d-\x7e]{1,200}))$/;

/** The key in an `Idempotency-Key` header. @throws 400 when it is none */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, quoted, bare] = KEY.exec(header.trim()) ?? [];
  const key = quoted ?? bare;
  if (key !== undefined) return key;
  throw invalid([
    { field: 'Idempotency-Key', message: 'Idempotency-Key must be 1 to 200 visible ASCII characters' },
  ]);
}

/** Of what a call asks for: the same for the same, in whatever order its fields come. */
export function fingerprintOfRequest(saga: string, input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([saga, sorted(input)]))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return fields
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, field]) => [name, sorted(field)]);
}
