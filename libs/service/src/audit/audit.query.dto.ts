import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsUUID, Matches } from 'class-validator';

/** Query of `GET /audit/reservations`. */
export class AuditReservationsQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'nextAfter of the page before.' })
  @IsOptional()
  @IsUUID('all', { message: '$property must be a UUID' })
  after?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'All that is of this saga or regards it, instead of a page.',
  })
  @IsOptional()
  @IsUUID('all', { message: '$property must be a UUID' })
  of?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1000, default: 500 })
  @IsOptional()
  @Matches(/^(?:[1-9]\d{0,2}|1000)$/, { message: '$property must be a whole number from 1 to 1000' })
  limit?: string;
}
