import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ConfigurationError } from './configuration-error.js';

/**
 * Reads the variables that a class declares; one that is unset or empty takes the class's default.
 * Throws a {@link ConfigurationError} with a sentence for every variable that is wrong.
 */
export function readEnvironment<Environment extends object>(
  environmentClass: new () => Environment,
  source: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value));
  const environment = plainToInstance(environmentClass, given, { exposeDefaultValues: true });
  const errors = validateSync(environment, { whitelist: true, stopAtFirstError: true });
  if (errors.length > 0) {
    const sentences = errors.map(
      ({ property, constraints }) => `${property} ${Object.values(constraints ?? {})[0]}.`,
    );
    throw new ConfigurationError(sentences.join('\n'));
  }
  return environment;
}
