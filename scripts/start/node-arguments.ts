/**
 * How Node.js runs an app. On a machine with much memory V8 lets garbage grow to several times what is live; with a limit of a
 * gigabyte it collects as on a smaller one. What an app needs is well below: its heap is 70 to 100 MB under full
 * load, and more than 250 MB with thousands of subscribers or in a flood of malformed messages.
 */
export const NODE_ARGUMENTS: readonly string[] = ['--enable-source-maps', '--max-old-space-size=1024'];
