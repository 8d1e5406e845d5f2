import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@clew/testing';

const run = promisify(execFile);

/** A generator and a compiler are programs of their own: none of their weight is on the tests. */
const GENERATE = `
  import { createClient } from '@hey-api/openapi-ts';
  const [input, path] = process.argv.slice(1);
  const plugins = ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'];
  await createClient({ input, output: { path, module: { extension: '.js' } }, logs: { level: 'silent' }, plugins });
`;

/**
 * Generates a client from the committed document, compiles `books-a-trip.mts` with it, types and all, and runs that.
 *
 * @returns what the program prints
 * @throws Error with what the compiler or the program has to say
 */
export async function runWithGeneratedClient(gatewayUrl: string): Promise<unknown> {
  const root = repositoryRoot();
  const folder = mkdtempSync(join(tmpdir(), 'clew-client-'));
  try {
    const document = join(root, 'docs', 'api', 'openapi.json');
    await node(root, ['--input-type=module', '--eval', GENERATE, document, join(folder, 'client')]);
    copyFileSync(join(root, 'test', 'e2e', 'support', 'books-a-trip.mts'), join(folder, 'books-a-trip.mts'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: optionsIn(root) }));
    await node(folder, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.']);
    return JSON.parse(await node(folder, ['books-a-trip.mjs', gatewayUrl])) as unknown;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function optionsIn(root: string): object {
  return {
    strict: true,
    target: 'es2023',
    module: 'nodenext',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    skipLibCheck: true,
  };
}

async function node(cwd: string, programme: readonly string[]): Promise<string> {
  try {
    return (await run(process.execPath, programme, { cwd, timeout: 90_000 })).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${programme.at(-1)} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
