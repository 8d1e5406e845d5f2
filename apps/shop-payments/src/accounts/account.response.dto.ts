import { ApiProperty } from '@nestjs/swagger';

export class AccountResponse {
  @ApiProperty({ example: 'ada' })
  customerId!: string;

  @ApiProperty({ type: 'integer', example: 1_000_000_000 })
  creditLimitCents!: number;

  @ApiProperty({
    type: 'integer',
    example: 0,
    description: 'Set aside for payments that are not captured yet.',
  })
  authorisedCents!: number;

  @ApiProperty({ type: 'integer', example: 2490 })
  capturedCents!: number;

  @ApiProperty({ type: 'integer', example: 999_997_510 })
  availableCents!: number;
}
