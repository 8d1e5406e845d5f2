import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems, isUuid, notFound } from '@clew/service';
import { PrismaService } from '../database/prisma.service.js';
import { PaymentResponse } from './payment.response.dto.js';

/** For anyone who audits the service from outside. */
@ApiTags('payments')
@Controller('payments')
export class PaymentsController {
  constructor(private readonly prisma: PrismaService) {}

  /** The payment of an order. */
  @Get(':orderId')
  @ApiOkResponse({ type: PaymentResponse })
  @ApiProblems({ 404: 'Nothing was ever authorised for the order' })
  async find(@Param('orderId') orderId: string): Promise<PaymentResponse> {
    const payment = isUuid(orderId)
      ? await this.prisma.payment.findFirst({ where: { sagaId: orderId } })
      : null;
    if (!payment) throw notFound(`Nothing was ever authorised for order ${orderId}.`);
    return {
      orderId: payment.sagaId,
      status: payment.status as PaymentResponse['status'],
      paymentId: payment.id,
      customerId: payment.customerId,
      amountCents: payment.amountCents,
      createdAt: payment.createdAt.toISOString(),
      updatedAt: payment.updatedAt.toISOString(),
    };
  }
}
