import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@clew/testing';

const run = promisify(execFile);

interface Built {
  readonly clients: string[];
  readonly compiled: number;
  readonly removed: number;
}

/** A checkout of one app, one lib and one schema. Each test goes on where the one before it stopped. */
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'clew-build-'));
  symlinkSync(join(repositoryRoot(), 'node_modules'), join(root, 'node_modules'));
  for (const file of ['swc.build.json', 'tsconfig.json'])
    cpSync(join(repositoryRoot(), file), join(root, file));
  write('package.json', '{ "name": "clew-build-spec", "type": "module" }');
  write('libs/outbox/src/index.ts', "export { greeting } from './greeting.js';");
  write('libs/outbox/src/greeting.ts', "export const greeting: string = 'hello';");
  write('libs/outbox/src/greeting.unit.spec.ts', "throw new Error('a spec is no part of the build');");
  write(
    'apps/cars/src/main.ts',
    `import { greeting } from '@clew/outbox';
     import { Prisma } from './database/client/client.js';
     console.log(greeting, Prisma.ModelName.Car);`,
  );
  write('prisma/cars/schema.prisma', schema('Car'));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the build', () => {
  it('makes clients and programs that run, specs left out', async () => {
    expect(await build()).toMatchObject({ clients: ['cars'], removed: 0 });
    expect(await runApp()).toBe('hello Car\n');
    expect(existsSync(join(root, 'dist/libs/outbox/src/greeting.unit.spec.js'))).toBe(false);
  }, 30_000);

  it('does nothing when nothing has changed', async () => {
    expect(await build()).toMatchObject({ clients: [], compiled: 0, removed: 0 });
  }, 30_000);

  it('compiles only what has changed', async () => {
    write('libs/outbox/src/greeting.ts', "export const greeting: string = 'good day';");
    expect(await build()).toMatchObject({ clients: [], compiled: 1, removed: 0 });
    expect(await runApp()).toBe('good day Car\n');
  }, 30_000);

  it('removes the output of a source that was deleted, and nothing that it did not make', async () => {
    write('libs/outbox/src/index.ts', "export const greeting = 'bye';");
    rmSync(join(root, 'libs/outbox/src/greeting.ts'));
    write('dist/apps/dashboard/page.js', '// made by another tool');
    expect(await build()).toMatchObject({ removed: 1 });
    expect(existsSync(join(root, 'dist/libs/outbox/src/greeting.js'))).toBe(false);
    expect(existsSync(join(root, 'dist/apps/dashboard/page.js'))).toBe(true);
    expect(await runApp()).toBe('bye Car\n');
  }, 30_000);

  it('generates a client again when its schema has changed or it is gone', async () => {
    write('prisma/cars/schema.prisma', schema('Car', 'colour String?'));
    expect(await build()).toMatchObject({ clients: ['cars'] });
    rmSync(join(root, 'apps/cars/src/database/client'), { recursive: true });
    expect(await build()).toMatchObject({ clients: ['cars'] });
  }, 60_000);

  it('restores an output that is gone', async () => {
    rmSync(join(root, 'dist/apps/cars/src/main.js'));
    expect(await build()).toMatchObject({ clients: [], compiled: 1 });
  }, 30_000);

  it('takes over the lock of a build that died', async () => {
    write('dist/.build.lock', String(2 ** 22));
    expect(await build()).toMatchObject({ compiled: 0 });
    expect(existsSync(join(root, 'dist/.build.lock'))).toBe(false);
  }, 30_000);

  it('names the file that does not compile', async () => {
    write('apps/cars/src/broken.ts', 'export const = 1;');
    await expect(build()).rejects.toThrow("apps/cars/src/broken.ts doesn't compile");
    rmSync(join(root, 'apps/cars/src/broken.ts'));
  }, 30_000);

  it('names the schema that Prisma refuses', async () => {
    const good = readFileSync(join(root, 'prisma/cars/schema.prisma'), 'utf8');
    write('prisma/cars/schema.prisma', `${good}\nmodel Broken {`);
    await expect(build()).rejects.toThrow(/prisma generate failed for .*prisma\/cars\/schema\.prisma/);
  }, 30_000);
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function schema(model: string, field = ''): string {
  return `
    generator client {
      provider     = "prisma-client"
      output       = "../../apps/cars/src/database/client"
      moduleFormat = "esm"
    }
    datasource db {
      provider = "postgresql"
    }
    model ${model} {
      id String @id
      ${field}
    }`;
}

async function build(): Promise<Built> {
  const script = `
    const { build } = await import(process.argv[2]);
    console.log(JSON.stringify(await build({ root: process.argv[1], log: () => undefined })));`;
  const module = join(repositoryRoot(), 'scripts', 'build.mjs');
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script, root, module]);
  return JSON.parse(stdout) as Built;
}

async function runApp(): Promise<string> {
  return (await run(process.execPath, [join(root, 'dist/apps/cars/src/main.js')])).stdout;
}
