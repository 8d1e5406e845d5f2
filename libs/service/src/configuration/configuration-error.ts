/** The environment asks for something impossible. The message names the variable and says what to set it to. */
export class ConfigurationError extends Error {
  readonly code = 'CONFIGURATION';
  override readonly name = 'ConfigurationError';
}
