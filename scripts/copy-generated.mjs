// Run in a package's folder after tsc: brings src/generated (JavaScript and its types, not compiled) into dist.
import { cpSync, existsSync } from 'node:fs'

if (existsSync('src/generated')) cpSync('src/generated', 'dist/generated', { recursive: true })
