/** What a program needs to be there at the broker. Whoever comes first has it made; making it again changes nothing. */
export interface Routes {
  /**
   * Logical names of the queues, such as `flights.commands`; messages are sent to a queue by its name. A program names all
   * that it uses, also those it only sends to: so a message waits in its queue while the receiver has never been up.
   */
  readonly queues: readonly string[];
  /**
   * Which of the queues get which topics. A program that only publishes topics has an empty list; without one there are no
   * topics. A pattern that isn't named any more stays subscribed to until someone undoes that at the broker.
   */
  readonly subscriptions?: readonly TopicSubscription[];
}

/** What a queue gets besides the messages that are sent to it by its name. */
export interface TopicSubscription {
  /** Logical name of one of the queues. */
  readonly queue: string;
  /** Patterns such as `trip-booking.flight.succeeded`, `trip-booking.*.compensated` or `trip-booking.#`; see `matchesTopic`. */
  readonly topics: readonly string[];
}
