/**
 * Why a connection ends: the number in a Disconnect message (devp2p "Base Protocol").
 */
export const disconnectReasons = {
  requested: 0x00,
  networkError: 0x01,
  protocolBreach: 0x02,
  uselessPeer: 0x03,
  tooManyPeers: 0x04,
  alreadyConnected: 0x05,
  incompatibleVersion: 0x06,
  invalidIdentity: 0x07,
  quitting: 0x08,
  unexpectedIdentity: 0x09,
  self: 0x0a,
  timeout: 0x0b,
  subprotocolError: 0x10,
} as const

/** One of {@link disconnectReasons}, or whatever else a peer gave, 0 .. 255. */
export type DisconnectReason = number
