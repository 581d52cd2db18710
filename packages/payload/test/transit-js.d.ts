/** The part of transit-js that the tests use. */
declare module 'transit-js' {
  interface Reader {
    read(text: string): unknown
  }
  interface Writer {
    write(value: unknown): string
  }
  const transit: {
    reader(type: 'json'): Reader
    writer(type: 'json'): Writer
  }
  export default transit
}
