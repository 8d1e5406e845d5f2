import type { SagaDefinition, SagaRecord } from '@clew/saga';
import { viewOf } from '../saga-view/saga-view.js';
import type { OrderExchange } from '../shop/order-exchange.saga.js';
import type { OrderReturn } from '../shop/order-return.saga.js';
import type { ExchangeResponse, FollowUpLinks, OrderResponse, ReturnResponse } from './order.response.dto.js';

/** A saga as the order that callers see. */
export function orderOf(record: SagaRecord, definition: SagaDefinition): OrderResponse {
  const { id, saga, version, status, ...rest } = viewOf(record, definition);
  const self = `/orders/${id}`;
  const links = {
    self,
    history: `${self}/history`,
    events: `${self}/events`,
    cancel: `${self}/cancel`,
    return: `${self}/return`,
    exchange: `${self}/exchange`,
  };
  return { id, saga, version, status, order: record.input, ...rest, links };
}

/** A saga as the return of an order that callers see. */
export function returnOf(record: SagaRecord, definition: SagaDefinition): ReturnResponse {
  const { orderId } = record.input as OrderReturn;
  return { ...viewOf(record, definition), orderId, links: linksOf(`/returns/${record.id}`, orderId) };
}

/** A saga as the exchange of an order that callers see. */
export function exchangeOf(record: SagaRecord, definition: SagaDefinition): ExchangeResponse {
  const { orderId, items } = record.input as OrderExchange;
  const links = linksOf(`/exchanges/${record.id}`, orderId);
  return { ...viewOf(record, definition), orderId, items, links };
}

function linksOf(self: string, orderId: string): FollowUpLinks {
  return { self, history: `${self}/history`, events: `${self}/events`, order: `/orders/${orderId}` };
}
