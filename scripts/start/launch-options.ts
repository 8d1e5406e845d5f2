export interface LaunchOptions {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Aborted when everything is to stop. */
  readonly stop: AbortSignal;
  readonly print: (line: string) => void;
  /** Prints a line of an app's own output; default: `print`. */
  readonly printOutput?: (line: string) => void;
  /** Where the compiled apps lie, as `<name>/src/main.js`; default: `dist/apps`. */
  readonly appFolder?: string;
}
