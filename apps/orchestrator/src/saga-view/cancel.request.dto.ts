import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';

/** Body of `POST /bookings/{id}/cancel` and its like; may be left out. */
export class CancelRequest {
  @ApiPropertyOptional({ example: 'The meeting was called off', description: 'Kept in the history.' })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  reason?: string;
}
