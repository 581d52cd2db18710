/** BOUNDED: WebSockets of one listener; whoever comes then is told to try again later. */
export const MAX_WEB_SOCKETS = 64
