#!/usr/bin/env node
// The command. It stands here, not in dist, so that npm finds it when it installs a checkout, which is
// built only afterwards.
import "../dist/cli/main.js";
