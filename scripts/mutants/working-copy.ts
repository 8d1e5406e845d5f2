import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeGuard, type Mutant } from './mutant.js';

/**
 * A copy of the checkout in a folder of its own, in which guards may be removed: the files that Git knows or would add, as
 * they are now, with the dependencies by a link and the Prisma clients.
 */
export class WorkingCopy {
  readonly #originals = new Map<string, string>();

  private constructor(readonly root: string) {}

  /** @throws Error if the checkout isn't one of Git's */
  static of(checkout: string): WorkingCopy {
    const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: checkout,
      encoding: 'utf8',
    });
    const root = mkdtempSync(join(tmpdir(), 'clew-mutants-'));
    chmodSync(root, 0o755); // The user that PostgreSQL runs as has to get through.
    const files = list.split('\0').filter((file) => file !== '' && existsSync(join(checkout, file)));
    const clients = readdirSync(join(checkout, 'apps')).map((app) => `apps/${app}/src/database/client`);
    for (const path of [...files, ...clients.filter((client) => existsSync(join(checkout, client)))]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      cpSync(join(checkout, path), join(root, path), { recursive: true });
    }
    symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'));
    return new WorkingCopy(root);
  }

  /** @throws Error if the guard isn't found, and once only */
  apply(mutant: Mutant): void {
    const path = join(this.root, mutant.file);
    const original = readFileSync(path, 'utf8');
    const mutated = removeGuard(mutant, original);
    this.#originals.set(path, original);
    writeFileSync(path, mutated);
  }

  restore(): void {
    for (const [path, original] of this.#originals) writeFileSync(path, original);
    this.#originals.clear();
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
