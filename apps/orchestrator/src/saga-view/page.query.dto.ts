import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsString, Length, Matches } from 'class-validator';
import { SAGA_STATUSES, type SagaStatus } from './saga.response.dto.js';

/** A date and a time with its zone: without one it would be the server's. */
const ZONED = /T.*(?:Z|[+-]\d\d:?\d\d)$/;
const TIME = { strict: true, strictSeparator: true };

/** Query of a list that is read page by page: `GET /orders`, for example. */
export class PageQuery {
  @ApiPropertyOptional({ enum: SAGA_STATUSES, enumName: 'SagaStatus' })
  @IsOptional()
  @IsIn(SAGA_STATUSES)
  status?: SagaStatus;

  @ApiPropertyOptional({ format: 'date-time', description: 'Begun at this time or later.' })
  @IsOptional()
  @IsISO8601(TIME)
  @Matches(ZONED, { message: '$property must have a time with its zone, like 2027-05-01T00:00:00Z' })
  createdFrom?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Begun before this time.' })
  @IsOptional()
  @IsISO8601(TIME)
  @Matches(ZONED, { message: '$property must have a time with its zone, like 2027-05-01T00:00:00Z' })
  createdBefore?: string;

  @ApiPropertyOptional({ example: 'HOTEL_SOLD_OUT', description: 'Why it turned back.' })
  @IsOptional()
  @Matches(/^[A-Z][A-Z0-9_]{0,99}$/, { message: '$property must be a code like HOTEL_SOLD_OUT' })
  failureCode?: string;

  @ApiPropertyOptional({
    minLength: 2,
    maxLength: 100,
    description: 'A text anywhere in the request, in any case.',
  })
  @IsOptional()
  @IsString()
  @Length(2, 100)
  text?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
  // Stays text until it is known to be digits: Number() also takes '0x10', ' 7 ' and ''.
  @IsOptional()
  @Matches(/^(?:[1-9]\d?|100)$/, { message: '$property must be a whole number from 1 to 100' })
  limit?: string;

  @ApiPropertyOptional({ description: 'nextCursor of the page before, read with the same filter.' })
  @IsOptional()
  @IsString()
  cursor?: string;
}
