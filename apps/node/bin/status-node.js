#!/usr/bin/env node
// Here in every checkout, so that package managers can link it before anything is built.
import '../dist/main.js'
