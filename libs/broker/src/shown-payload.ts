import { isUtf8 } from 'node:buffer';
import type { DeadLetter } from './dead-letter.js';

const longestShown = 16 * 1024;

/** A payload for people to look at: text where it is text, and its beginning only where it is long. */
export function shownPayload(content: Buffer): Pick<DeadLetter, 'payload' | 'encoding' | 'bytes'> {
  const bytes = content.length;
  if (!isUtf8(content))
    return { payload: content.toString('base64', 0, longestShown), encoding: 'base64', bytes };
  let end = Math.min(bytes, longestShown);
  while (end < bytes && isInsideCharacter(content[end]!)) end -= 1;
  return { payload: content.toString('utf8', 0, end), encoding: 'utf8', bytes };
}

function isInsideCharacter(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}
