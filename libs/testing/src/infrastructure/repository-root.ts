import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let known: string | undefined;

/** The checkout this file belongs to, whether it runs as source or from `dist`. */
export function repositoryRoot(): string {
  known ??= climb(import.meta.dirname);
  return known;
}

function climb(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest) && nameIn(manifest) === 'clew') return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("No parent folder holds Clew's package.json.");
  return climb(parent);
}

function nameIn(manifest: string): unknown {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown }).name;
}
