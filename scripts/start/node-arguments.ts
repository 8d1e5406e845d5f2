/**
 * How Node.js runs an app. On a machine with much memory V8 lets garbage grow to several times what is live; with this limit it
 * collects as on a smaller one. What an app needs is below: its heap is 70 to 100 MB under full load, and more than 250 MB with
 * thousands of subscribers.
 *
 * Most of what a batch is made of lives for as long as the batch. A young generation twice as large as usual lets that die before
 * it is copied.
 */
export const NODE_ARGUMENTS: readonly string[] = [
  '--enable-source-maps',
  '--max-old-space-size=768',
  '--max-semi-space-size=32',
];
