import { ApiProperty } from '@nestjs/swagger';

export class StockResponse {
  @ApiProperty({ example: 'TEAPOT' })
  sku!: string;

  @ApiProperty({ type: 'integer', example: 2490 })
  priceCents!: number;

  @ApiProperty({ type: 'integer', example: 100_000 })
  stock!: number;

  @ApiProperty({ type: 'integer', example: 12, description: 'Held or sold.' })
  reserved!: number;

  @ApiProperty({ type: 'integer', example: 99_988 })
  available!: number;
}
