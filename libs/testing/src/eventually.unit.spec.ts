import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('resolves with the first truthy result', async () => {
    let tries = 0;
    const result = await eventually(() => (++tries < 3 ? undefined : `try ${tries}`), { every: 1 });
    expect(result).toBe('try 3');
  });

  it('goes on while the probe throws', async () => {
    let tries = 0;
    const probe = async () => {
      tries += 1;
      if (tries < 3) throw new Error('not yet');
      return true;
    };
    await expect(eventually(probe, { every: 1 })).resolves.toBe(true);
  });

  it('fails with what was waited for and the last failure', async () => {
    const probe = () => {
      throw new Error('the queue holds 3 messages');
    };
    const attempt = eventually(probe, { within: 20, every: 5, describe: 'an empty queue' });
    await expect(attempt).rejects.toThrow(/^Waited for an empty queue for .*: the queue holds 3 messages$/);
    await expect(attempt).rejects.toHaveProperty('cause.message', 'the queue holds 3 messages');
  });

  it('says which falsy value the probe returned last', async () => {
    await expect(eventually(() => 0, { within: 0 })).rejects.toThrow(/\(1 tries\).*returned 0$/);
  });
});
