import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsObject,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

/** So many pieces of a product. */
export class OrderItem {
  @ApiProperty({ example: 'TEAPOT', pattern: '^[A-Za-z0-9-]{1,40}$' })
  @Matches(/^[A-Za-z0-9-]{1,40}$/, { message: '$property must be 1 to 40 letters, digits or hyphens' })
  sku!: string;

  @ApiProperty({ example: 1, type: 'integer', minimum: 1, maximum: 100 })
  @IsInt()
  @Min(1)
  @Max(100)
  quantity!: number;
}

/** Reply to {@link ReserveStock}. */
export class StockReserved {
  @IsUUID()
  holdId!: string;

  /** What the goods cost together. The price of an order is known here and nowhere else. */
  @IsInt()
  totalCents!: number;
}

/** Reply to {@link ReleaseStock}: what was held is free again, or nothing was held. */
export class StockReleased {}

/** Reply to {@link RestockGoods}. */
export class GoodsRestocked {
  /** How many pieces came back; none if they had come back before. */
  @IsInt()
  pieces!: number;
}

/** Command: hold goods, all of them or none. Refused with `PRODUCT_UNKNOWN` or `OUT_OF_STOCK`. */
export class ReserveStock {
  static readonly type = 'shop-stock.reserve';
  static readonly reply = StockReserved;

  @ApiProperty({ type: [OrderItem], minItems: 1, maxItems: 20 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  // Or an array in the array would be taken for an item.
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OrderItem)
  items!: OrderItem[];
}

/** Compensation of {@link ReserveStock}: finds what to undo by saga and step. */
export class ReleaseStock {
  static readonly type = 'shop-stock.release';
  static readonly reply = StockReleased;
}

/** Command: the goods of an order are back. Comes after a pivot and is never refused. */
export class RestockGoods {
  static readonly type = 'shop-stock.restock';
  static readonly reply = GoodsRestocked;

  @IsUUID()
  orderId!: string;
}
