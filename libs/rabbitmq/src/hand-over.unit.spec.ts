import { describe, expect, it } from '@jest/globals';
import type { ConsumeMessage } from 'amqplib';
import { HandOver } from './hand-over.js';

const KB = 1024;

const messageOf = (kilobytes: number) => ({ content: Buffer.alloc(kilobytes * KB) }) as ConsumeMessage;

/** Takes messages of these sizes, of which as much as `most` small ones may be in hand. */
function handedOver(most: number, ...kilobytes: number[]) {
  const handed: ConsumeMessage[] = [];
  const handOver = new HandOver(most, (message) => {
    handed.push(message);
    return [message];
  });
  for (const size of kilobytes) handOver.take(messageOf(size));
  return { handed, handOver };
}

describe('what is handed over', () => {
  it('is so much at a time, and more as soon as some of it is settled', () => {
    const { handed, handOver } = handedOver(3, 1, 1, 1, 1, 1);
    expect(handed).toHaveLength(3);
    handOver.settled(handed.slice(0, 1));
    expect(handed).toHaveLength(4);
    handOver.settled(handed.slice(1, 4));
    expect(handed).toHaveLength(5);
  });

  it('counts once for each four kilobytes', () => {
    const { handed, handOver } = handedOver(4, 8, 8, 1, 1);
    expect(handed).toHaveLength(2);
    handOver.settled(handed.slice(0, 1));
    expect(handed).toHaveLength(4);
  });

  it('is one that is too long for all of them, by itself', () => {
    const { handed, handOver } = handedOver(4, 5 * KB, 5 * KB, 1);
    for (const alone of [1, 2]) {
      expect(handed).toHaveLength(alone);
      handOver.settled(handed.slice(alone - 1));
    }
    expect(handed).toHaveLength(3);
  });
});
