import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsOptional } from 'class-validator';
import { PageQuery } from '../saga-view/page.query.dto.js';

/** Query of `GET /bookings`. */
export class ListBookingsQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'email', description: "The traveller's e-mail address, in any case." })
  @IsOptional()
  @IsEmail()
  email?: string;
}
