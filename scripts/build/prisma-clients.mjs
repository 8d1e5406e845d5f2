import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Runs `prisma generate` for each `prisma/<service>/schema.prisma` that changed since its client was made. The hash it
 * was made from lies inside the client's folder: whoever deletes the client deletes the claim that it is fresh.
 *
 * @param {{ root: string, force: boolean, signal?: AbortSignal }} options
 * @returns {Promise<string[]>} the services whose client was generated
 */
export async function generatePrismaClients({ root, force, signal }) {
  const stale = servicesWithSchema(root)
    .map((service) => describeClient(root, service))
    .filter(({ stamp, hash }) => force || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash);
  await Promise.all(stale.map((client) => generate(root, client, signal)));
  return stale.map(({ service }) => service);
}

function servicesWithSchema(root) {
  const folder = join(root, 'prisma');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((service) => existsSync(join(folder, service, 'schema.prisma')))
    .sort();
}

function describeClient(root, service) {
  const schema = join(root, 'prisma', service, 'schema.prisma');
  const output = join(root, 'apps', service, 'src', 'database', 'client');
  const hash = createHash('sha256').update(prismaVersion(root)).update(readFileSync(schema)).digest('hex');
  return { service, schema, output, stamp: join(output, '.schema-hash'), hash };
}

function prismaVersion(root) {
  return createRequire(join(root, 'package.json'))('prisma/package.json').version;
}

function generate(root, { schema, output, stamp, hash }, signal) {
  const cli = join(
    createRequire(join(root, 'package.json')).resolve('prisma/package.json'),
    '..',
    'build',
    'index.js',
  );
  const env = {
    ...process.env,
    // Generating needs no schema engine, yet the CLI would download one: any file that exists keeps it from that.
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [cli, 'generate', '--schema', schema, '--no-hints'],
      { cwd: root, env, signal },
      (error, stdout, stderr) => {
        if (error) {
          reject(new Error(`prisma generate failed for ${schema}:\n${stdout}${stderr}`));
        } else if (!existsSync(output)) {
          reject(
            new Error(`${schema} has to set its generator's output to ${output}, where nothing was written.`),
          );
        } else {
          writeFileSync(stamp, hash);
          resolve();
        }
      },
    );
  });
}
