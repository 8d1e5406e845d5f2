/**
 * How Node.js runs an app. What is live of an app's heap stays below 100 MB also while many thousands wait; without a limit
 * garbage would be let grow to several times that.
 */
export const NODE_ARGUMENTS: readonly string[] = ['--enable-source-maps', '--max-old-space-size=256'];
