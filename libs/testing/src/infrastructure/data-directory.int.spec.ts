import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirectory } from './data-directory.js';
import { hasGone } from './end-process.js';
import { identify } from './process-identity.js';

let path: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'clew-directory-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(path, { recursive: true, force: true });
});

describe('a data directory', () => {
  it('remembers settings for whoever opens it next, and for no other user of the machine', () => {
    const first = DataDirectory.open(path);
    first.remember('postgres', { port: 1, password: 'secret' });
    first.remember('other', true);
    first.forget('other');
    first.close();

    const second = DataDirectory.open(path);
    expect(second.recall('postgres')).toEqual({ port: 1, password: 'secret' });
    expect(second.recall('other')).toBeUndefined();
    expect(statSync(join(path, 'state.json')).mode & 0o077).toBe(0);
  });

  it('ends what an earlier holder left running: apps first, epmd last, and forgets it', async () => {
    const first = DataDirectory.open(path);
    const journal = join(path, 'journal');
    for (const [name, role] of [
      ['epmd', 'epmd'],
      ['RabbitMQ', 'server'],
      ['app cars', 'app'],
    ] as const) {
      const child = await startThatWritesItsEndTo(journal, name);
      first.recordProcess(name, child.pid!, role);
    }
    const finished = start();
    first.recordProcess('app hotels', finished.pid!, 'app');
    finished.kill('SIGKILL');
    await hasGone(identify(finished.pid!) ?? { pid: 0, startedAt: '' }, 5_000);
    first.close();

    const second = DataDirectory.open(path);
    const lines: string[] = [];
    await second.endOrphans((line) => lines.push(line));
    expect(readFileSync(journal, 'utf8')).toBe('app cars\nRabbitMQ\nepmd\n');
    expect(lines).toEqual([
      expect.stringMatching(
        /^Ending what an earlier run left behind: epmd \(\d+\), RabbitMQ \(\d+\), app cars \(\d+\)$/,
      ),
    ]);
    expect(second.runningProcesses()).toEqual([]);
  });

  it('leaves a process alone that has got the pid of one it remembers', async () => {
    const bystander = start();
    const state = {
      settings: {},
      processes: { 'app cars': { pid: bystander.pid, startedAt: 'earlier', role: 'app', signal: 'SIGTERM' } },
    };
    writeFileSync(join(path, 'state.json'), JSON.stringify(state));
    const directory = DataDirectory.open(path);
    await directory.endOrphans(() => undefined);
    expect(identify(bystander.pid!)).toBeDefined();
  });

  it('keeps the record of a process that is started while others are being ended', async () => {
    const directory = DataDirectory.open(path);
    directory.recordProcess('old', start().pid!, 'app');
    const ending = directory.endOrphans(() => undefined);
    directory.recordProcess('new', start().pid!, 'app');
    await ending;
    expect(directory.runningProcesses().map(([name]) => name)).toEqual(['new']);
  });

  it('says so when its memory is damaged', () => {
    writeFileSync(join(path, 'state.json'), '{"settings":');
    expect(() => DataDirectory.open(path)).toThrow(
      /state\.json is damaged\. Restore it, or begin anew with: npm start -- --fresh/,
    );
  });

  it('begins anew on a damaged memory when told to', () => {
    writeFileSync(join(path, 'state.json'), '{"settings":');
    expect(DataDirectory.open(path, { evenIfDamaged: true }).recall('postgres')).toBeUndefined();
  });
});

function start(): ChildProcess {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  children.push(child);
  return child;
}

async function startThatWritesItsEndTo(journal: string, name: string): Promise<ChildProcess> {
  const script = `trap 'echo "$1" >> "$0"; exit' TERM; echo ready; while true; do sleep 0.05; done`;
  const child = spawn('sh', ['-c', script, journal, name], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}
