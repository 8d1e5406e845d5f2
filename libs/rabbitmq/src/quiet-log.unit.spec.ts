import { beforeEach, describe, expect, it } from '@jest/globals';
import { QuietLog } from './quiet-log.js';

describe('a quiet log', () => {
  let said: string[];
  let now: number;
  let log: QuietLog;

  beforeEach(() => {
    said = [];
    now = 0;
    const logger = {
      log: (text: string) => said.push(`log ${text}`),
      warn: (text: string) => said.push(`warn ${text}`),
      error: (text: string) => said.push(`error ${text}`),
    };
    log = new QuietLog(logger, 1_000, () => now);
  });

  it('says different sentences at once and a repeated one once in the period', () => {
    log.warn('refused');
    log.error('gone');
    log.warn('refused');
    now = 999;
    log.warn('refused');
    expect(said).toEqual(['warn refused', 'error gone']);
  });

  it('says after the period how often it was silent', () => {
    for (let i = 0; i < 8; i += 1) log.warn('refused');
    now = 1_000;
    log.warn('refused');
    now = 2_000;
    log.warn('refused');
    expect(said).toEqual([
      'warn refused',
      'warn refused (and 7 times since this was last said)',
      'warn refused',
    ]);
  });

  it('starts afresh when told that the trouble is over', () => {
    log.warn('refused');
    log.forget();
    log.warn('refused');
    expect(said).toEqual(['warn refused', 'warn refused']);
  });

  it('remembers a bounded number of sentences, the oldest forgotten first', () => {
    for (let i = 0; i < 201; i += 1) log.warn(`number ${i}`);
    log.warn('number 200');
    expect(said).toHaveLength(201);
    log.warn('number 0');
    expect(said).toHaveLength(202);
  });
});
