import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether a Docker engine answers within two seconds, wherever the docker client finds it (DOCKER_HOST, a context). */
export async function dockerEngineAnswers(): Promise<boolean> {
  try {
    // The client prints an empty version, and in some releases exits with 0, when it is alone.
    const { stdout } = await run('docker', ['version', '--format', '{{.Server.Version}}'], {
      env: process.env,
      timeout: 2_000,
    });
    return /^\d/.test(stdout.trim());
  } catch {
    return false;
  }
}

/** Runs `docker <args>`; the answer is its trimmed output. @throws Error with what docker wrote to stderr */
export async function docker(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  try {
    const { stdout } = await run('docker', args, {
      env: { ...process.env, ...env },
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout.trim();
  } catch (cause) {
    const { stderr } = cause as { stderr?: string };
    throw new Error(`docker ${args.join(' ')} failed: ${stderr?.trim() || String(cause)}`, { cause });
  }
}
