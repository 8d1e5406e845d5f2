import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const BYTES = 16;
/** To ask the system for the randomness of each id by itself costs ten times what the id does. */
const pool = Buffer.allocUnsafe(256 * BYTES);
let used = pool.length;

let msecs = 0;
let seq = 0;

/** A UUID of version 7, greater than those that this process has made before. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += BYTES));
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    // Half of what there is room for, so that a millisecond has far more numbers left than anybody could use.
    seq = random.readUInt32BE(6) >>> 1;
  } else seq += 1;
  return v7({ random, msecs, seq });
}
