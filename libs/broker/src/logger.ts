/** Where an adapter says what happens to it. Nest's `Logger` satisfies it. */
export interface Logger {
  log(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
