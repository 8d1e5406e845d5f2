import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor } from './page-cursor.js';

const before = '0192f0c1-2b3c-7d4e-8f90-123456789abc';

describe('a cursor', () => {
  it.each([undefined, 'RUNNING'])('goes on where the page with status %p ended', (status) => {
    expect(decodeCursor(encodeCursor({ before, status }), status)).toBe(before);
  });

  it('is refused with another status than it was made for', () => {
    expect(decodeCursor(encodeCursor({ before, status: 'RUNNING' }), 'STUCK')).toBeUndefined();
    expect(decodeCursor(encodeCursor({ before, status: 'RUNNING' }), undefined)).toBeUndefined();
    expect(decodeCursor(encodeCursor({ before }), 'RUNNING')).toBeUndefined();
  });

  it.each(['', 'x', before, '%00', Buffer.from('1 ').toString('base64url'), `${encodeCursor({ before })}=`])(
    'is refused when it is %p',
    (text) => {
      expect(decodeCursor(text, undefined)).toBeUndefined();
    },
  );
});
