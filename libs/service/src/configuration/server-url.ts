import { registerDecorator } from 'class-validator';

/** An environment variable that holds the URL of a server. Errors never repeat it, as it may hold a password. */
export function ServerUrl({
  protocols,
  example,
}: {
  protocols: readonly string[];
  example: string;
}): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'serverUrl',
      target: target.constructor,
      propertyName: String(property),
      options: { message: `must be the URL of a server, like ${example}` },
      validator: {
        validate(value: unknown) {
          if (typeof value !== 'string' || !URL.canParse(value)) return false;
          const { protocol, hostname } = new URL(value);
          return protocols.includes(protocol) && hostname !== '';
        },
      },
    });
}
