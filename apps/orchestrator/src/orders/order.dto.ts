import { ApiPropertyOptional, IntersectionType, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, ValidateIf, ValidateNested } from 'class-validator';
import { ArrangeDelivery, AuthorisePayment, ReserveStock, WrapGift } from '@clew/shop-contracts';

/** Who orders what, and where it is to go: named by the same fields, under the same rules, as in the commands. */
export class Order extends IntersectionType(
  PickType(AuthorisePayment, ['customerId']),
  ReserveStock,
  ArrangeDelivery,
) {
  @ApiPropertyOptional({ type: () => WrapGift, description: 'Left out, nothing is wrapped.' })
  // Not IsOptional: that would let null through.
  @ValidateIf((_order, value) => value !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => WrapGift)
  giftWrap?: WrapGift;
}
