import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsObject, ValidateNested } from 'class-validator';
import { ReserveCar } from './cars.js';
import { ReserveFlight } from './flights.js';
import { ReserveHotel } from './hotels.js';
import { IsEmailAddress } from './validation/email-address.js';
import { IsPlainText } from './validation/plain-text.js';

export class Traveller {
  @ApiProperty({ example: 'Ada Lovelace', minLength: 1, maxLength: 200 })
  @IsPlainText(200)
  name!: string;

  @ApiProperty({ example: 'ada@example.org', format: 'email', maxLength: 254 })
  @IsEmailAddress()
  @IsPlainText(254)
  email!: string;
}

/** A part of the trip: an object, not an array of them, and validated by the rules of its own class. */
function Part(type: () => new () => object): PropertyDecorator {
  const decorators = [
    ApiProperty({ type: () => type() }),
    IsDefined(),
    IsObject(),
    ValidateNested(),
    Type(type),
  ];
  // From the last to the first, as TypeScript does: errors are told in the order of declaration.
  return (target, property) => decorators.toReversed().forEach((decorate) => decorate(target, property));
}

/** Who travels, and what is to be reserved for them. */
export class Trip {
  @Part(() => Traveller)
  traveller!: Traveller;

  @Part(() => ReserveFlight)
  flight!: ReserveFlight;

  @Part(() => ReserveHotel)
  hotel!: ReserveHotel;

  @Part(() => ReserveCar)
  car!: ReserveCar;
}
