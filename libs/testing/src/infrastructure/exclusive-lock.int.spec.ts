import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderInUseError, lockFolder } from './exclusive-lock.js';
import { repositoryRoot } from './repository-root.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clew-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a folder', () => {
  it('is held until it is released, and can be taken again then', () => {
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(FolderInUseError);
    release();
    lockFolder(folder)();
  });

  it('names the process that holds it', () => {
    lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(
      `${folder} is in use by the process ${process.pid}, which still runs. End it (kill ${process.pid})`,
    );
  });

  it('is taken over from a process that died, and from one whose pid someone else has now', () => {
    writeFileSync(join(folder, 'lock-7'), JSON.stringify({ pid: 2 ** 22, startedAt: 'long ago' }));
    lockFolder(folder)();
    writeFileSync(join(folder, 'lock-9'), JSON.stringify({ pid: process.pid, startedAt: 'before this one' }));
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual(['lock-10']);
  });

  it('goes to one alone of many that take it over at the same moment', async () => {
    writeFileSync(join(folder, 'lock-1'), JSON.stringify({ pid: 2 ** 22, startedAt: 'long ago' }));
    const at = Date.now() + 1_500;
    const answers = await Promise.all(Array.from({ length: 6 }, () => contend(at)));
    expect(answers.filter((answer) => answer === 'won')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'FOLDER_IN_USE')).toHaveLength(5);
  }, 20_000);
});

/** What a process of its own gets when it tries at that moment; it lives until all have tried. */
async function contend(at: number): Promise<string> {
  const script = `
    const { lockFolder } = await import(process.argv[1]);
    while (Date.now() < ${at});
    try { lockFolder(process.argv[2]); console.log('won'); } catch (error) { console.log(error.code); }
    setTimeout(() => undefined, ${at} + 1_500 - Date.now());`;
  const lock = join(repositoryRoot(), 'dist/libs/testing/src/infrastructure/exclusive-lock.js');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, lock, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  await exit;
  return line.toString().trim();
}
