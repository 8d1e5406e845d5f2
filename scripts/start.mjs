/**
 * `npm start`: builds what is stale, finds or starts the servers, migrates the databases, runs the apps and looks after
 * them until it is told to stop. Plain JavaScript, so that it can say what is missing before anything is built.
 *
 * SIGINT, SIGTERM, SIGHUP or a reader of its output that goes away end it cleanly at any moment: exit code 0.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const stop = new AbortController();
// Ctrl-C comes twice, from the terminal and from npm. The second is the same wish and changes nothing.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort(signal));
// Nobody reads any more: the terminal was closed, or the pipe's other end has gone.
for (const output of [process.stdout, process.stderr])
  output.on('error', () => stop.abort('the output was closed'));

const oldestNode = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
  fail(`Clew needs Node.js ${oldestNode.join('.')} or later; this is ${process.version}.`);
}
if (!existsSync(join(import.meta.dirname, '..', 'node_modules', '@swc', 'core'))) {
  fail('The dependencies are not installed. Run: npm ci');
}

const mostUnread = 4 * 1024 * 1024;
const print = (line) => {
  if (process.stdout.writable) process.stdout.write(`${line}\n`);
};

try {
  const { build } = await import('./build.mjs');
  await build({ log: print, signal: stop.signal });
  const { launch } = await import('../dist/scripts/start/launch.js');
  const exitCode = await launch({
    argv: process.argv.slice(2),
    env: process.env,
    stop: stop.signal,
    print,
    printOutput: (line) => {
      // Nobody reads what we write, or not fast enough: what the apps say is given up before our memory is.
      if (process.stdout.writableLength < mostUnread) print(line);
    },
  });
  process.exit(exitCode);
} catch (error) {
  if (stop.signal.aborted) process.exit(0);
  fail(error instanceof Error ? error.message : String(error));
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
