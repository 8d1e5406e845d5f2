import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Log } from './server.js';

/** Whether this process may install Debian packages: root, on a machine that has apt-get. */
export function canInstallWithApt(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/**
 * Installs RabbitMQ's Debian package without starting the service that comes with it.
 *
 * @throws Error with the end of apt-get's output
 */
export async function installRabbitmqWithApt(log: Log): Promise<void> {
  const startedAt = performance.now();
  log(
    'RabbitMQ is not installed; installing the package rabbitmq-server with apt-get (once, about a minute)',
  );
  const install = ['install', '--yes', '--no-install-recommends', 'rabbitmq-server'];
  // Package lists may be missing or too old to name a version that can still be fetched.
  if ((await aptGet(install)).failed) {
    await aptGet(['update']);
    const second = await aptGet(install);
    if (second.failed) throw new Error(`apt-get can't install rabbitmq-server:\n${second.output}`);
  }
  log(`Installed rabbitmq-server (${((performance.now() - startedAt) / 1000).toFixed(0)} s)`);
}

function aptGet(args: readonly string[]): Promise<{ failed: boolean; output: string }> {
  return new Promise((resolve) => {
    // Runlevel 1 keeps the package's own service from being started.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    // A group of its own: Ctrl-C must not break dpkg off in the middle.
    const child = spawn('apt-get', args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => resolve({ failed: true, output: error.message }));
    child.once('close', (code) => {
      const output = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n').slice(-15).join('\n');
      resolve({ failed: code !== 0, output });
    });
  });
}
