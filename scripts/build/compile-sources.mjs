import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const sourceFolders = ['apps', 'libs', 'scripts', 'bench', 'test'];
const configFile = 'swc.build.json';

/**
 * Compiles the TypeScript sources whose content changed to `dist/<same path>.js`, and deletes outputs that no source
 * stands behind. Specs and declaration files are left out.
 *
 * @param {{ root: string, force: boolean }} options
 * @returns {Promise<{ compiled: number, removed: number }>}
 */
export async function compileSources({ root, force }) {
  const manifestFile = join(root, 'dist', '.build-manifest.json');
  const previous = readManifest(manifestFile);
  const current = { settings: hashOf(settingsOf(root)), sources: hashSources(root) };

  const paths = Object.keys(current.sources);
  const outputs = new Set(listFiles(root, 'dist'));
  // An alias is resolved while compiling, by looking which files exist. So a file that comes or goes may change the
  // output of any other, and the settings change all of them.
  const everything =
    force ||
    previous?.settings !== current.settings ||
    Object.keys(previous.sources).sort().join() !== paths.sort().join();
  const stale = paths.filter(
    (path) =>
      everything ||
      previous.sources[path] !== current.sources[path] ||
      !outputs.has(join('dist', outputOf(path))),
  );
  if (stale.length > 0) await compile(root, stale);

  const removed = removeOrphans(root, previous, outputs, paths);
  if (stale.length + removed > 0 || !previous) replaceFile(manifestFile, JSON.stringify(current));
  return { compiled: stale.length, removed };
}

async function compile(root, paths) {
  const { transformFile } = await import('@swc/core');
  const { $schema: _schema, ...settings } = JSON.parse(readFileSync(join(root, configFile), 'utf8'));
  settings.jsc.baseUrl = root;
  await Promise.all(
    paths.map(async (path) => {
      const output = join(root, 'dist', outputOf(path));
      const { code, map } = await transformFile(join(root, path), {
        ...settings,
        cwd: root,
        swcrc: false,
      }).catch((error) => {
        throw new Error(`${path} doesn't compile:\n${error.message}`);
      });
      mkdirSync(dirname(output), { recursive: true });
      if (map) replaceFile(`${output}.map`, map);
      replaceFile(output, map ? `${code}\n//# sourceMappingURL=${basename(output)}.map\n` : code);
    }),
  );
}

/** Deletes only what an earlier build made: others may put things into `dist`, too. */
function removeOrphans(root, previous, outputs, paths) {
  const isWanted = new Set(paths);
  const orphans = Object.keys(previous?.sources ?? {}).filter((path) => !isWanted.has(path));
  for (const path of orphans) {
    const output = join(root, 'dist', outputOf(path));
    for (const file of [output, `${output}.map`]) rmSync(file, { force: true });
  }
  return orphans.filter((path) => outputs.has(join('dist', outputOf(path)))).length;
}

function hashSources(root) {
  const isSource = (path) =>
    path.endsWith('.ts') && !path.endsWith('.d.ts') && !/\.(spec|fixture)\.ts$/.test(path);
  const paths = sourceFolders.flatMap((folder) => listFiles(root, folder)).filter(isSource);
  return Object.fromEntries(paths.map((path) => [path, hashOf(readFileSync(join(root, path)))]));
}

function settingsOf(root) {
  const swc = createRequire(join(root, 'package.json'))('@swc/core/package.json').version;
  const ownCode = readFileSync(import.meta.filename, 'utf8');
  return [swc, ownCode, readFileSync(join(root, configFile), 'utf8')].join('\n');
}

function listFiles(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    // Thousands of files of others, of which none is a source.
    return entry.isDirectory() && entry.name !== 'node_modules' ? listFiles(root, path) : [];
  });
}

function readManifest(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // No manifest, or a torn one: then everything is stale, which is always right.
  }
}

function replaceFile(file, content) {
  const fresh = `${file}.${process.pid}.tmp`;
  writeFileSync(fresh, content);
  renameSync(fresh, file);
}

const outputOf = (path) => path.replace(/\.ts$/, '.js');
const hashOf = (content) => createHash('sha256').update(content).digest('hex');
