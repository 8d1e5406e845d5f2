import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.js';
import { identify, isRunning } from './process-identity.js';

describe('the identity of a process', () => {
  it('is the same each time it is asked for, and runs', () => {
    const self = identify(process.pid)!;
    expect(identify(process.pid)).toEqual(self);
    expect(isRunning(self)).toBe(true);
  });

  it('is not that of an earlier process with the same pid', () => {
    expect(isRunning({ pid: process.pid, startedAt: 'earlier' })).toBe(false);
  });

  it('is gone once the process has ended', async () => {
    const child = spawn('sleep', ['60']);
    const identity = identify(child.pid!)!;
    expect(isRunning(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(identity)).toBe(false);
    expect(identify(child.pid!)).toBeUndefined();
  });

  it('is gone as soon as the process is dead, even if nobody buries it', async () => {
    // What prints the pid is no shell any more, and never asks after the child that the shell had.
    const script = `sleep 60 & echo $! > "$0"; exec tail -f "$0"`;
    const folder = mkdtempSync(join(tmpdir(), 'clew-zombie-'));
    const parent = spawn('sh', ['-c', script, join(folder, 'pid')], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const identity = identify(Number(line.toString()))!;
      process.kill(identity.pid, 'SIGKILL');
      await eventually(() => !isRunning(identity), { describe: 'the end of the child' });
      expect(() => process.kill(identity.pid, 0)).not.toThrow(); // It is a zombie.
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      rmSync(folder, { recursive: true });
    }
  });
});
