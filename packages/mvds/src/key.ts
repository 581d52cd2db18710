/** A text that stands for at most some hundred bytes in a Map: quicker than hex, and not to be shown. */
export function keyOf(bytes: Uint8Array): string {
  return Reflect.apply(String.fromCharCode, undefined, bytes)
}
