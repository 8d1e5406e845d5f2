import { isEmail, registerDecorator } from 'class-validator';

/** An e-mail address. class-validator's own rule throws at half of a surrogate pair. */
export function IsEmailAddress(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isEmail',
      target: target.constructor,
      propertyName: String(property),
      options: {
        message: '$property must be an email',
        context: { schema: { type: 'string', format: 'email' } },
      },
      validator: { validate: (value) => typeof value === 'string' && value.isWellFormed() && isEmail(value) },
    });
}
