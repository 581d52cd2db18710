/** What is needed of a router. Methods reject with the reason, and do so in bounded time. */
export interface PortMapper {
  /** `upnp` or `nat-pmp`, and where. */
  readonly name: string
  /** The router's address on the other side. */
  externalIp(): Promise<string>
  /** Makes a mapping, or renews it. The router may choose another external port and another lease. */
  map(wish: PortWish): Promise<{ readonly externalPort: number; readonly leaseSeconds: number }>
  unmap(mapping: PortWish): Promise<void>
}

export interface PortWish {
  readonly protocol: 'tcp' | 'udp'
  /** Of ours. */
  readonly port: number
  readonly externalPort: number
  readonly leaseSeconds: number
}
