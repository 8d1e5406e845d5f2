import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '@clew/testing';
import type { RunningSystem } from './running-system.js';

/** What a run of the program came to. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run clew -- …` as people run it, against one system. */
export class ClewCommand {
  constructor(
    private readonly system: RunningSystem,
    private readonly key: string,
  ) {}

  run(...words: string[]): Promise<Ran> {
    const environment = { CLEW_URL: this.system.gateway().url, CLEW_OPERATOR_KEY: this.key };
    return this.runIn(environment, ...words, ...this.participants());
  }

  /** The document that it prints, whatever it exits with. */
  async json<Document>(...words: string[]): Promise<Document & { readonly code: number }> {
    const { code, stdout, stderr } = await this.run(...words, '--json');
    try {
      return { ...(JSON.parse(stdout) as Document), code };
    } catch {
      throw new Error(`clew ${words.join(' ')} ended with ${code} and printed no JSON: ${stdout}\n${stderr}`);
    }
  }

  runIn(environment: Readonly<Record<string, string>>, ...words: string[]): Promise<Ran> {
    const program = join(repositoryRoot(), 'dist', 'scripts', 'clew.js');
    const env = { ...process.env, ...environment };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [program, ...words], { env }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }

  private participants(): string[] {
    return this.system.apps
      .filter((name) => name !== 'orchestrator')
      .flatMap((name) => ['--participant', `${name}=${this.system.app(name).url}`]);
  }
}
