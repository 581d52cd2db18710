/** BOUNDED: WebSockets of one listener; whoever comes then is told to try again later. */
export const MAX_WEB_SOCKETS = 64
/** BOUNDED: those of one address, of IPv6 its /64, that is not this machine's. */
export const MAX_WEB_SOCKETS_PER_ADDRESS = 16
