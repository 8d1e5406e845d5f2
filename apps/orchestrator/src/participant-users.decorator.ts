import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { registerDecorator } from 'class-validator';

const ONE = /^([a-z][a-z0-9-]*)=([^\s,=]+)$/;

/** An environment variable that lists participants with their users of the broker, `flights=clew-flights,hotels=…`. */
export function ParticipantUsers(): PropertyDecorator {
  return applyDecorators(
    // What can't be read becomes the reason.
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? usersIn(value) : value)),
    (target: object, property: string | symbol) =>
      registerDecorator({
        name: 'participantUsers',
        target: target.constructor,
        propertyName: String(property),
        options: { message: ({ value }) => String(value) },
        validator: { validate: (value: unknown) => typeof value === 'object' },
      }),
  );
}

/** The users by participant, or what is wrong with them. */
function usersIn(text: string): Readonly<Record<string, string>> | string {
  const users = new Map<string, string>();
  for (const one of text.split(',')) {
    const [, participant, user] = ONE.exec(one.trim()) ?? [];
    if (participant === undefined || user === undefined)
      return 'must be participants with their users of the broker, like flights=clew-flights,hotels=clew-hotels';
    if (users.has(participant)) return `must name one user for ${participant}, not several`;
    users.set(participant, user);
  }
  return Object.fromEntries(users);
}
