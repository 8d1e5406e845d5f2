import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';

/** Query of `GET /operations/dead-letters`. */
export class ListDeadLettersQuery {
  @ApiPropertyOptional({ example: 'flights.commands' })
  @IsOptional()
  @IsString()
  queue?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  // Stays text until it is known to be digits: Number() also takes '0x10', ' 7 ' and ''.
  @IsOptional()
  @Matches(/^(?:[1-9]\d?|1\d\d|200)$/, { message: '$property must be a whole number from 1 to 200' })
  limit?: string;
}
