#!/usr/bin/env node
import '../dist/for-node/bin.js';
