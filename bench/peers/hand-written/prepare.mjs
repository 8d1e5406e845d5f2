/** Makes the Prisma client, if it isn't there. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const here = import.meta.dirname;
if (!existsSync(join(here, 'generated', 'index.js'))) {
  const prisma = join(
    createRequire(import.meta.url).resolve('prisma/package.json'),
    '..',
    'build',
    'index.js',
  );
  execFileSync(
    process.execPath,
    [prisma, 'generate', '--schema', join(here, 'schema.prisma'), '--no-hints'],
    {
      cwd: here,
      // It needs no engine to generate, yet would fetch one: any file keeps it from that.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}
