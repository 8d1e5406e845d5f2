import { describe, expect, it } from '@jest/globals';
import type { MessageProperties } from 'amqplib';
import { senderOf, userOf } from './sender.js';

describe('the user that a URL logs in as', () => {
  it.each([
    ['amqp://clew-hotels:secret@localhost:5672/clew', 'clew-hotels'],
    ['amqps://clew%2Fhotels@localhost', 'clew/hotels'],
    ['amqp://localhost', 'guest'],
    ['100% wrong', 'guest'],
  ])('in %s is %s', (url, user) => {
    expect(userOf(url)).toBe(user);
  });
});

describe('the sender of a message', () => {
  const sender = (userId?: string, noted?: unknown) =>
    senderOf({ userId, headers: { 'x-clew-sender': noted } } as unknown as MessageProperties, 'own');

  it('is the user that RabbitMQ has checked, and nobody if none is given', () => {
    expect(sender('hotels')).toBe('hotels');
    expect(sender('own')).toBe('own');
    expect(sender()).toBeUndefined();
  });

  it('is the one noted in the headers only if the own user has noted it', () => {
    expect(sender('own', 'hotels')).toBe('hotels');
    expect(sender('own', '')).toBeUndefined();
    expect(sender('cars', 'hotels')).toBe('cars');
    expect(sender(undefined, 'hotels')).toBeUndefined();
  });
});
