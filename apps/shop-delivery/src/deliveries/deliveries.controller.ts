import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems, isUuid, notFound } from '@clew/service';
import { PrismaService } from '../database/prisma.service.js';
import { DeliveryResponse, type CollectionResponse } from './delivery.response.dto.js';

/** For anyone who audits the service from outside. */
@ApiTags('deliveries')
@Controller('deliveries')
export class DeliveriesController {
  constructor(private readonly prisma: PrismaService) {}

  /** The delivery of an order, and the collections of what came back. */
  @Get(':orderId')
  @ApiOkResponse({ type: DeliveryResponse })
  @ApiProblems({ 404: 'No delivery was ever arranged for the order' })
  async find(@Param('orderId') orderId: string): Promise<DeliveryResponse> {
    const delivery = isUuid(orderId)
      ? await this.prisma.delivery.findFirst({ where: { sagaId: orderId } })
      : null;
    if (!delivery) throw notFound(`No delivery was ever arranged for order ${orderId}.`);
    const collections = await this.prisma.collection.findMany({ where: { orderId }, orderBy: { id: 'asc' } });
    return {
      orderId: delivery.sagaId,
      status: 'ARRANGED',
      deliveryId: delivery.id,
      address: delivery.address,
      createdAt: delivery.createdAt.toISOString(),
      collections: collections.map(({ sagaId, status, createdAt }) => ({
        returnId: sagaId,
        status: status as CollectionResponse['status'],
        createdAt: createdAt.toISOString(),
      })),
    };
  }
}
