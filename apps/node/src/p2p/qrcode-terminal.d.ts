declare module 'qrcode-terminal' {
  const qrcode: {
    generate(text: string, options: { readonly small?: boolean }, print: (code: string) => void): void
  }
  export default qrcode
}
