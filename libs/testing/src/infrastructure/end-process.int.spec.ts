import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../eventually.js';
import { endProcess } from './end-process.js';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('ending a process', () => {
  it('lets it end by itself', async () => {
    const [identity] = await start('exec sleep 60');
    expect(await endProcess(identity)).toBe(true);
    expect(isRunning(identity)).toBe(false);
  });

  it('kills one that ignores the signal, and its whole group with it', async () => {
    const [identity, childOfIt] = await start(
      'trap "" TERM; sleep 60 & echo $!; while true; do sleep 0.1; done',
      true,
    );
    expect(isRunning(childOfIt!)).toBe(true);
    expect(await endProcess(identity, { within: 200 })).toBe(false);
    expect(isRunning(identity)).toBe(false);
    await eventually(() => !isRunning(childOfIt!), { describe: 'the end of the rest of the group' });
  });

  it('sends the signal it is told to', async () => {
    const [identity] = await start('trap "" TERM; trap "exit 0" INT; while true; do sleep 0.05; done');
    expect(await endProcess(identity, { signal: 'SIGINT' })).toBe(true);
  });

  it('is done at once when it has gone, and leaves whoever has its pid now alone', async () => {
    const [identity] = await start('exec sleep 60');
    expect(await endProcess({ ...identity, startedAt: 'earlier' })).toBe(true);
    expect(isRunning(identity)).toBe(true);
  });
});

/** A shell that leads a group of its own, and the process whose pid it prints, if it does. */
async function start(script: string, printsPid = false): Promise<[ProcessIdentity, ProcessIdentity?]> {
  const child = spawn('sh', ['-c', `echo; ${script}`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  let output = '';
  while (!output.startsWith('\n') || (printsPid && !/\d+\n/.test(output))) {
    output += String((await once(child.stdout, 'data'))[0]);
  }
  const leader = identify(child.pid!)!;
  return printsPid ? [leader, identify(Number(output.trim()))] : [leader];
}
