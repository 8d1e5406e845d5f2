import { createHash } from 'node:crypto';

/** What stands for a saga definition's signature in messages and rows: 16 hexadecimal digits. */
export function fingerprintOf(signature: string): string {
  return createHash('sha256').update(signature).digest('hex').slice(0, 16);
}
